export const accounts = {
  'accounts.placeholder': 'x',
} as const;
