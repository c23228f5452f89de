export const door = {
  'door.home': '첫 화면으로',
  'door.again': '다시 시도',
  'door.skip': '본문으로 건너뛰기',
  'door.status': '오류 {status}.',
  'door.bad-address.title': '읽을 수 없는 주소입니다',
  'door.bad-address.text': '링크의 일부가 깨졌습니다. 메일로 받은 링크라면 한 줄 전체를 주소창에 복사해 주세요.',
  'door.bad-form.title': '양식이 온전히 도착하지 않았습니다',
  'door.bad-form.text': '바뀐 것은 없습니다. 페이지를 다시 열고 양식을 한 번 더 작성해 주세요.',
  'door.foreign-origin.title': '다른 주소에서 보낸 양식입니다',
  'door.foreign-origin.text': '바뀐 것은 없습니다. 이 사이트에서 양식을 열어 보내 주세요.',
  'door.stale-form.title': '양식을 다시 열어 주세요',
  'door.stale-form.text':
    '바뀐 것은 없습니다. 양식과 이 브라우저의 연결이 끊겼거나 브라우저가 쿠키를 저장하지 않습니다. 뒤로 돌아가 페이지를 새로 고친 뒤 다시 보내 주세요.',
  'door.no-such-address.title': '여기에는 아무것도 없습니다',
  'door.no-such-address.text': '주소가 잘못 입력되었거나 있던 내용이 사라졌습니다.',
  'door.bad-method.title': '여기서는 할 수 없는 요청입니다',
  'door.bad-method.text': '바뀐 것은 없습니다.',
  'door.too-large.title': '받을 수 있는 양을 넘었습니다',
  'door.too-large.text': '바뀐 것은 없습니다. 내용을 줄여서 다시 보내 주세요.',
  'door.bad-content-type.title': '읽을 수 없는 양식입니다',
  'door.bad-content-type.text': '바뀐 것은 없습니다. 이 사이트에서 양식을 열어 보내 주세요.',
  'door.fault.title': '저희 쪽에 문제가 생겼습니다',
  'door.fault.text':
    '문제를 기록해 두었습니다. 방금 ‘확정’을 누르셨다면 다시 시도하기 전에 메일을 확인해 주세요. 메일이 오지 않았다면 예약되지 않은 것입니다.',
  'door.away.title': '잠시 후 돌아오겠습니다',
  'door.away.text': '지금은 기록에 접근할 수 없습니다. 잃어버린 정보는 없으며, 예약된 세션은 모두 그대로입니다.',
  'door.away.confirm':
    '방금 ‘확정’을 누르셨다면 다시 시도하기 전에 메일을 확인해 주세요. 메일이 오지 않았다면 예약되지 않았고 비용도 청구되지 않았습니다.',
  'door.not-here.title': '아직 열리지 않았습니다',
  'door.not-here.text':
    '이곳에서는 멘토와 가능한 시간을 볼 수 있습니다. 예약과 로그인은 아직 이 주소에서 열리지 않았으며, 바뀐 것은 없습니다.',
} as const;
