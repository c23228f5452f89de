/** What a token of the API may do. */
export const API_SCOPES = ['availability:write', 'bookings:read', 'bookings:write'] as const;

export type ApiScope = (typeof API_SCOPES)[number];
