export const accounts = {
  'accounts.title': '로그인',
  'accounts.heading': '멘토 데스크 로그인',
  'accounts.intro': '멘토를 위한 페이지입니다. 예약하시는 분은 계정이 필요 없습니다.',
  'accounts.email': '이메일',
  'accounts.email.hint': '여섯 자리 코드를 보내 드립니다. 코드는 10분 동안 쓸 수 있습니다.',
  'accounts.email.problem': '이메일 주소를 끝까지 적어 주세요.',
  'accounts.send': '코드 받기',
  'accounts.booker': '예약하신 세션을 찾으시나요? 예약 확인 메일에 있는 전용 링크로 열 수 있습니다.',
  'accounts.code.title': '코드 입력',
  'accounts.code.heading': '메일로 받은 코드를 입력하세요',
  'accounts.code.sent':
    '{email} 주소가 멘토의 것이라면 여섯 자리 코드가 담긴 메일이 곧 도착합니다. 1분쯤 걸릴 수 있습니다.',
  'accounts.code': '코드',
  'accounts.code.hint': '숫자 여섯 자리입니다. 가장 최근 메일의 코드만 쓸 수 있습니다.',
  'accounts.code.problem': '메일에 적힌 숫자 여섯 자리를 입력해 주세요.',
  'accounts.code.wrong':
    '이 코드는 맞지 않거나 더 이상 쓸 수 없습니다. 가장 최근 메일을 확인하거나 코드를 다시 받아 주세요.',
  'accounts.code.enter': '로그인',
  'accounts.code.again': '코드 다시 받기',
  'accounts.limited': { other: '시도가 너무 많았습니다. {n}분 뒤에 다시 하실 수 있습니다.' },
  'accounts.alert': '아직 로그인되지 않았습니다',
} as const;
