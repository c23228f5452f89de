import { redirect } from '@remix-run/cloudflare';

/** The desk opens with what happens today. */
export const loader = () => redirect('/desk/bookings', 302);
