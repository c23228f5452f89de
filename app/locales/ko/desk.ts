export const desk = {
  'desk.placeholder': 'x',
} as const;
