import { index, layout, route, type RouteConfig } from '@remix-run/route-config';

export default [
  layout('routes/visitor/layout.tsx', [
    index('routes/visitor/home.tsx'),
    route('m/:mentor', 'routes/visitor/mentor.tsx'),
    route('m/:mentor/:type', 'routes/visitor/month.tsx'),
    route('m/:mentor/:type/book', 'routes/visitor/book.tsx'),
    route('b/:token', 'routes/visitor/booking.tsx'),
    route('b/:token/reschedule', 'routes/visitor/reschedule.tsx'),
    route('b/:token/cancel', 'routes/visitor/cancel.tsx'),
    route('cities', 'routes/visitor/cities.tsx'),
    route('privacy', 'routes/visitor/privacy.tsx'),
    route('help', 'routes/visitor/help.tsx'),
    route('sign-in', 'routes/auth/sign-in.tsx'),
    route('sign-in/code', 'routes/auth/code.tsx'),
    route('*', 'routes/visitor/not-found.tsx'),
  ]),
  route('b/:token/invite.ics', 'routes/visitor/invite.ts'),
  route('sign-out', 'routes/auth/sign-out.ts'),
  route('desk', 'routes/desk/layout.tsx', [
    index('routes/desk/index.ts'),
    route('availability', 'routes/desk/availability.tsx'),
    route('availability/days', 'routes/desk/days.tsx'),
    route('bookings', 'routes/desk/bookings.tsx'),
    route('bookings/:booking/cancel', 'routes/desk/cancel-booking.tsx'),
  ]),
  route('api/jobs/:job', 'routes/api/jobs.ts'),
  route('health', 'routes/api/health.ts'),
  route('health/ready', 'routes/api/health-ready.ts'),
  route('dev/outbox', 'routes/dev/outbox.tsx'),
  route('dev/outbox/:message', 'routes/dev/outbox-message.ts'),
] satisfies RouteConfig;
