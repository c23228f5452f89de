export const mail = {
  'mail.placeholder': 'x',
} as const;
