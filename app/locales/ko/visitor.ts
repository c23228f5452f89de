export const visitor = {
  'visitor.placeholder': 'x',
} as const;
