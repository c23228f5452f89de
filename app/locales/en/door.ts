/** What the door and the forms' guard refuse: `door.<refusal>.title` and `.text`, by the names of app/http/refusal.ts. */
export const door = {
  'door.home': 'Go to the first page',
  'door.again': 'Try again',
  'door.skip': 'Skip to content',
  'door.status': 'Error {status}.',
  'door.bad-address.title': 'This address cannot be read',
  'door.bad-address.text':
    'Something in the link is broken. If it came by mail, copy the whole line into the address bar.',
  'door.bad-form.title': 'This form did not arrive whole',
  'door.bad-form.text': 'Nothing was changed. Open the page again and fill in the form once more.',
  'door.foreign-origin.title': 'This form came from another address',
  'door.foreign-origin.text': 'Nothing was changed. Open the form on this site and send it from there.',
  'door.stale-form.title': 'Open this form once more',
  'door.stale-form.text':
    'Nothing was changed. The form is no longer tied to this browser, or the browser keeps no cookies. Go back, load the page again, and send the form.',
  'door.no-such-address.title': 'There is nothing here',
  'door.no-such-address.text': 'The address may have been mistyped, or what stood here is gone.',
  'door.bad-method.title': 'This cannot be asked here',
  'door.bad-method.text': 'Nothing was changed.',
  'door.too-large.title': 'That was more than fits',
  'door.too-large.text': 'Nothing was changed. Shorten what you wrote and send it again.',
  'door.bad-content-type.title': 'This form cannot be read',
  'door.bad-content-type.text': 'Nothing was changed. Open the form on this site and send it from there.',
  'door.fault.title': 'Something broke on our side',
  'door.fault.text':
    'We have noted it. If you had just pressed “Confirm”, look for our mail before you try again: when it has not come, nothing was booked.',
  'door.away.title': 'Back in a moment',
  'door.away.text': 'We cannot reach our records right now. Nothing of yours is lost, and every booked session stands.',
  'door.away.confirm':
    'If you had just pressed “Confirm”, look for our mail before you try again. When it has not come, the booking was not made and nothing was charged.',
} as const;
