import type { sessionTypes } from './schema';

/** Minutes after midnight in the mentor's zone. */
interface Range {
  readonly start: number;
  readonly end: number;
}

export type DemoSessionType = Readonly<
  Pick<
    typeof sessionTypes.$inferSelect,
    | 'slug'
    | 'title'
    | 'description'
    | 'durationMinutes'
    | 'bufferBeforeMinutes'
    | 'bufferAfterMinutes'
    | 'slotStep'
    | 'minimumNoticeMinutes'
    | 'horizonDays'
    | 'maxPerDay'
    | 'maxPerWeek'
  >
>;

export interface DemoMentor {
  readonly slug: string;
  readonly email: string;
  readonly name: string;
  readonly nativeName: string | null;
  readonly nativeNameLang: string | null;
  readonly headline: string;
  readonly summary: string;
  readonly bio: string;
  readonly languages: string[];
  readonly photo: string | null;
  readonly timeZone: string;
  readonly locale: string;
  /** Index 0 = Sunday. */
  readonly hours: readonly (readonly Range[])[];
  /** Special days: the first such weekday at least so many days from the first start. */
  readonly specialDays: readonly {
    readonly dayOfWeek: number;
    readonly daysAhead: number;
    readonly ranges: readonly Range[];
    readonly reason: string;
  }[];
  readonly sessionTypes: readonly [DemoSessionType, ...DemoSessionType[]];
  /** What share of the free times others have taken already, 0–1. */
  readonly demand: number;
  /** Everything is taken to the end of this month, and for three weeks at least. */
  readonly isBookedOut: boolean;
}

export interface DemoBooker {
  readonly name: string;
  readonly email: string;
  readonly phone: string | null;
  readonly timeZone: string;
  readonly locale: string;
  readonly message: string | null;
}

const HOUR = 60;
const DAY = 24 * HOUR;
const from = (start: number, end: number): Range => ({ start: start * HOUR, end: end * HOUR });
const closed: readonly Range[] = [];

export const DEMO_MENTORS: readonly DemoMentor[] = [
  {
    slug: 'min-ji-kwon',
    email: 'min-ji@slotwell.example',
    name: 'Min-ji Kwon',
    nativeName: '권민지',
    nativeNameLang: 'ko',
    headline: 'Staff engineer',
    summary: 'Growing from senior to staff; calm systems under load.',
    bio: 'I have spent a decade with systems that must not stop: payments first, then the queues behind them. What I know best is the quiet part of the work, where you choose what not to build and write it down so that others can agree.\n\nBring one thing that keeps you awake: a design, a promotion, a team that no longer talks. We look at it together, and you leave with one step that fits into your week.',
    languages: ['ko', 'en'],
    photo: 'drawing-1',
    timeZone: 'Asia/Seoul',
    locale: 'ko',
    hours: [
      closed,
      [from(10, 12), from(14, 18)],
      [from(10, 12), from(14, 18)],
      closed,
      [from(10, 12), from(14, 18)],
      [from(10, 12)],
      [from(9, 12)],
    ],
    specialDays: [
      { dayOfWeek: 4, daysAhead: 9, ranges: [], reason: 'Speaking at a conference' },
      { dayOfWeek: 5, daysAhead: 10, ranges: [], reason: 'Speaking at a conference' },
      { dayOfWeek: 3, daysAhead: 13, ranges: [from(19, 22)], reason: 'Evening hours, once' },
    ],
    sessionTypes: [
      {
        slug: 'conversation',
        title: 'A conversation',
        description: 'One question of yours, looked at from all sides.',
        durationMinutes: 50,
        bufferBeforeMinutes: 0,
        bufferAfterMinutes: 10,
        slotStep: 'back-to-back',
        minimumNoticeMinutes: 12 * HOUR,
        horizonDays: 60,
        maxPerDay: 4,
        maxPerWeek: null,
      },
      {
        slug: 'promotion-paper',
        title: 'Promotion paper, read together',
        description: 'Send it the day before. We go through it line by line.',
        durationMinutes: 25,
        bufferBeforeMinutes: 5,
        bufferAfterMinutes: 5,
        slotStep: '30',
        minimumNoticeMinutes: DAY,
        horizonDays: 60,
        maxPerDay: 4,
        maxPerWeek: null,
      },
    ],
    demand: 0.1,
    isBookedOut: false,
  },
  {
    slug: 'tomas-ferreira',
    email: 'tomas@slotwell.example',
    name: 'Tomás Ferreira',
    nativeName: null,
    nativeNameLang: null,
    headline: 'Product designer',
    summary: 'Portfolio reviews that tell you what to cut.',
    bio: 'I have hired designers for three companies and read some two thousand portfolios. Most are good work told too long. Half an hour is enough to find the two projects that carry you and the sentence each of them needs.\n\nSend a link beforehand if you can. If there is none yet, we begin with what you would be sorry to leave out.',
    languages: ['pt', 'en', 'es'],
    photo: 'drawing-2',
    timeZone: 'Europe/Lisbon',
    locale: 'en',
    hours: [
      closed,
      [from(9, 12.5), from(14, 17)],
      [from(9, 12.5), from(14, 17)],
      [from(9, 12.5), from(20, 22)],
      [from(9, 12.5), from(14, 17)],
      [from(9, 13)],
      closed,
    ],
    specialDays: [{ dayOfWeek: 2, daysAhead: 6, ranges: [from(14, 16)], reason: 'In workshops until noon' }],
    sessionTypes: [
      {
        slug: 'portfolio-review',
        title: 'Portfolio review',
        description: 'Your portfolio on the screen, and plain words about it.',
        durationMinutes: 30,
        bufferBeforeMinutes: 0,
        bufferAfterMinutes: 0,
        slotStep: 'duration',
        minimumNoticeMinutes: 2 * HOUR,
        horizonDays: 90,
        maxPerDay: null,
        maxPerWeek: null,
      },
    ],
    demand: 0.2,
    isBookedOut: false,
  },
  {
    slug: 'adaeze-okonkwo',
    email: 'adaeze@slotwell.example',
    name: 'Adaeze Okonkwo',
    nativeName: null,
    nativeNameLang: null,
    headline: 'Founder, twice',
    summary: 'First rounds, first hires, and how to hear a no.',
    bio: 'My first company closed after four years, my second was bought. I learned more from the one that closed, and I am glad to tell you what: how to run out of money slowly, whom to hire before you feel ready, when an investor’s “maybe” means no.\n\nCome with numbers, even rough ones. I will ask for three, and we will talk about the one you would rather not show.',
    languages: ['en', 'ig'],
    photo: 'drawing-3',
    timeZone: 'Africa/Lagos',
    locale: 'en',
    hours: [closed, closed, [from(13, 18)], [from(13, 18)], [from(10, 13), from(16, 19)], closed, [from(11, 14)]],
    specialDays: [{ dayOfWeek: 6, daysAhead: 10, ranges: [], reason: 'A wedding' }],
    sessionTypes: [
      {
        slug: 'founder-hour',
        title: 'Three numbers',
        description: 'Your company in three numbers, and what they say next.',
        durationMinutes: 45,
        bufferBeforeMinutes: 0,
        bufferAfterMinutes: 15,
        slotStep: '30',
        minimumNoticeMinutes: DAY,
        horizonDays: 75,
        maxPerDay: 3,
        maxPerWeek: 8,
      },
    ],
    demand: 0.12,
    isBookedOut: false,
  },
  {
    slug: 'hyun-woo-seo',
    email: 'hyun-woo@slotwell.example',
    name: 'Hyun-woo Seo',
    nativeName: '서현우',
    nativeNameLang: 'ko',
    headline: 'Data scientist',
    summary: 'Changing careers at thirty; take-home interviews.',
    bio: 'At thirty I taught literature in a middle school; at thirty-two I was paid to build models. The years between were less heroic than they sound, and I kept notes.\n\nWe can plan your change month by month, or take one of your take-home tasks apart as an interviewer would. My evenings fill early: if you see a time that suits you, take it.',
    languages: ['ko', 'en'],
    photo: null,
    timeZone: 'Asia/Seoul',
    locale: 'ko',
    hours: [closed, closed, [from(19, 22)], closed, [from(19, 22)], closed, [from(10, 13)]],
    specialDays: [{ dayOfWeek: 2, daysAhead: 4, ranges: [], reason: 'Parents’ evening' }],
    sessionTypes: [
      {
        slug: 'career-change',
        title: 'Changing careers',
        description: 'Where you are, where you want to be, and the next three months.',
        durationMinutes: 50,
        bufferBeforeMinutes: 0,
        bufferAfterMinutes: 10,
        slotStep: 'back-to-back',
        minimumNoticeMinutes: DAY,
        horizonDays: 90,
        maxPerDay: null,
        maxPerWeek: null,
      },
    ],
    demand: 0.4,
    isBookedOut: true,
  },
  {
    slug: 'ingrid-solheim',
    email: 'ingrid@slotwell.example',
    name: 'Ingrid Solheim',
    nativeName: null,
    nativeNameLang: null,
    headline: 'Engineering director',
    summary: 'Your first ninety days as a manager.',
    bio: 'The week after I became a manager I wrote code at night, so that nobody would notice I no longer did it by day. It took me a year to stop. I have since helped thirty engineers through the same door, most of them faster than I was.\n\nAn hour is long on purpose. The first half is for what happened this week; the second is for what you will say on Monday.',
    languages: ['no', 'en', 'de'],
    photo: 'drawing-4',
    timeZone: 'Europe/Oslo',
    locale: 'en',
    hours: [closed, [from(15, 18)], [from(8, 11)], closed, [from(15, 18)], [from(8, 10)], closed],
    specialDays: [
      { dayOfWeek: 1, daysAhead: 12, ranges: [], reason: 'In the mountains' },
      { dayOfWeek: 2, daysAhead: 13, ranges: [], reason: 'In the mountains' },
    ],
    sessionTypes: [
      {
        slug: 'first-ninety-days',
        title: 'First ninety days',
        description: 'For new managers, and for those who wonder whether to become one.',
        durationMinutes: 60,
        bufferBeforeMinutes: 15,
        bufferAfterMinutes: 15,
        slotStep: '30',
        minimumNoticeMinutes: 2 * DAY,
        horizonDays: 90,
        maxPerDay: 2,
        maxPerWeek: 6,
      },
    ],
    demand: 0.1,
    isBookedOut: false,
  },
  {
    slug: 'priya-raghavan',
    email: 'priya@slotwell.example',
    name: 'Priya Raghavan',
    nativeName: null,
    nativeNameLang: null,
    headline: 'UX researcher',
    summary: 'Asking better questions, and speaking on stage.',
    bio: 'I listen for a living. Interviews, mostly, with people who have never been asked how they do what they do. The good question is nearly always shorter than the one you prepared.\n\nTwenty-five minutes suit one interview guide, one talk outline or one fear of the stage. I will stop you kindly when you apologise for your slides.',
    languages: ['en', 'hi', 'ta'],
    photo: 'drawing-5',
    timeZone: 'Asia/Kolkata',
    locale: 'en',
    hours: [
      closed,
      [from(9.5, 13)],
      [from(9.5, 13), from(15, 17)],
      [from(9.5, 13)],
      [from(9.5, 13), from(15, 17)],
      [from(9.5, 13), from(21, 23)],
      closed,
    ],
    specialDays: [{ dayOfWeek: 3, daysAhead: 5, ranges: [from(9.5, 11)], reason: 'Travelling after eleven' }],
    sessionTypes: [
      {
        slug: 'better-questions',
        title: 'Better questions',
        description: 'An interview guide or a talk, made shorter together.',
        durationMinutes: 25,
        bufferBeforeMinutes: 0,
        bufferAfterMinutes: 5,
        slotStep: 'back-to-back',
        minimumNoticeMinutes: 4 * HOUR,
        horizonDays: 60,
        maxPerDay: 6,
        maxPerWeek: null,
      },
    ],
    demand: 0.2,
    isBookedOut: false,
  },
];

/** The names below `.example` belong to nobody (RFC 2606), so no message can reach a stranger. */
export const DEMO_BOOKERS: readonly DemoBooker[] = [
  {
    name: 'Lucía Medina',
    email: 'lucia@people.example',
    phone: null,
    timeZone: 'America/Bogota',
    locale: 'en',
    message: 'I have two offers and would like to think aloud about them.',
  },
  {
    name: '이서연',
    email: 'seoyeon@people.example',
    phone: '+82 10-0000-0000',
    timeZone: 'Asia/Seoul',
    locale: 'ko',
    message: '이직을 앞두고 포트폴리오 방향이 고민입니다.',
  },
  {
    name: 'Kofi Mensah',
    email: 'kofi@people.example',
    phone: null,
    timeZone: 'Africa/Accra',
    locale: 'en',
    message: null,
  },
  {
    name: 'Annika Lindqvist',
    email: 'annika@people.example',
    phone: null,
    timeZone: 'Europe/Stockholm',
    locale: 'en',
    message: 'My team has doubled and my calendar too.',
  },
  {
    name: 'Sandesh Gurung',
    email: 'sandesh@people.example',
    phone: null,
    timeZone: 'Asia/Kathmandu',
    locale: 'en',
    message: 'First time here. Is a draft enough to start from?',
  },
  {
    name: 'Moana Tua',
    email: 'moana@people.example',
    phone: null,
    timeZone: 'Pacific/Auckland',
    locale: 'en',
    message: null,
  },
  {
    name: '박준호',
    email: 'junho@people.example',
    phone: null,
    timeZone: 'Asia/Seoul',
    locale: 'ko',
    message: null,
  },
  {
    name: 'Brigid Power',
    email: 'brigid@people.example',
    phone: null,
    timeZone: 'America/St_Johns',
    locale: 'en',
    message: 'Could we spend ten minutes on salaries?',
  },
];
