import type { Instant } from '~/domain/time/instant';
import { getZone, offsetMinutes, toWall, ZONE_IDS, type ZoneId } from '~/domain/time/zones';
import type { Locale } from '~/locales/translator';
import { clockTime, weekdayName } from './dates';

/** Where the last part of the id is not how the language spells the place. */
const CITIES: Record<Locale, Readonly<Record<string, string>>> = {
  en: {
    'America/Asuncion': 'Asunción',
    'America/Belem': 'Belém',
    'America/Bogota': 'Bogotá',
    'America/Cancun': 'Cancún',
    'America/Ciudad_Juarez': 'Ciudad Juárez',
    'America/Cordoba': 'Córdoba',
    'America/Argentina/Cordoba': 'Córdoba',
    'America/Argentina/Tucuman': 'Tucumán',
    'America/Cuiaba': 'Cuiabá',
    'America/Curacao': 'Curaçao',
    'America/Maceio': 'Maceió',
    'America/Mazatlan': 'Mazatlán',
    'America/Merida': 'Mérida',
    'America/North_Dakota/Beulah': 'Beulah, North Dakota',
    'America/North_Dakota/Center': 'Center, North Dakota',
    'America/North_Dakota/New_Salem': 'New Salem, North Dakota',
    'America/Sao_Paulo': 'São Paulo',
    'America/St_Barthelemy': 'St Barthélemy',
    'America/St_Johns': 'St John’s',
    'Asia/Ho_Chi_Minh': 'Ho Chi Minh City',
    'Asia/Kuwait': 'Kuwait City',
    'Antarctica/DumontDUrville': 'Dumont d’Urville',
    'Atlantic/Faroe': 'Faroe Islands',
    'Atlantic/Reykjavik': 'Reykjavík',
    'Indian/Christmas': 'Christmas Island',
    'Indian/Cocos': 'Cocos Islands',
    'Indian/Mahe': 'Mahé',
    'Indian/Reunion': 'Réunion',
    'Pacific/Easter': 'Easter Island',
    'Pacific/Norfolk': 'Norfolk Island',
    'Pacific/Noumea': 'Nouméa',
    'Pacific/Wake': 'Wake Island',
    'Etc/UTC': 'UTC',
    'Etc/GMT': 'UTC',
  },
  ko: {
    'Africa/Addis_Ababa': '아디스아바바',
    'Africa/Algiers': '알제',
    'Africa/Cairo': '카이로',
    'Africa/Casablanca': '카사블랑카',
    'Africa/Johannesburg': '요하네스버그',
    'Africa/Lagos': '라고스',
    'Africa/Nairobi': '나이로비',
    'America/Anchorage': '앵커리지',
    'America/Argentina/Buenos_Aires': '부에노스아이레스',
    'America/Bogota': '보고타',
    'America/Caracas': '카라카스',
    'America/Chicago': '시카고',
    'America/Denver': '덴버',
    'America/Edmonton': '에드먼턴',
    'America/Halifax': '핼리팩스',
    'America/Havana': '아바나',
    'America/Lima': '리마',
    'America/Los_Angeles': '로스앤젤레스',
    'America/Mexico_City': '멕시코시티',
    'America/New_York': '뉴욕',
    'America/Phoenix': '피닉스',
    'America/Santiago': '산티아고',
    'America/Sao_Paulo': '상파울루',
    'America/St_Johns': '세인트존스',
    'America/Toronto': '토론토',
    'America/Vancouver': '밴쿠버',
    'America/Winnipeg': '위니펙',
    'Asia/Almaty': '알마티',
    'Asia/Baghdad': '바그다드',
    'Asia/Bangkok': '방콕',
    'Asia/Colombo': '콜롬보',
    'Asia/Dhaka': '다카',
    'Asia/Dubai': '두바이',
    'Asia/Ho_Chi_Minh': '호찌민',
    'Asia/Hong_Kong': '홍콩',
    'Asia/Jakarta': '자카르타',
    'Asia/Jerusalem': '예루살렘',
    'Asia/Kabul': '카불',
    'Asia/Karachi': '카라치',
    'Asia/Kathmandu': '카트만두',
    'Asia/Kolkata': '콜카타',
    'Asia/Kuala_Lumpur': '쿠알라룸푸르',
    'Asia/Macau': '마카오',
    'Asia/Manila': '마닐라',
    'Asia/Pyongyang': '평양',
    'Asia/Qatar': '카타르',
    'Asia/Riyadh': '리야드',
    'Asia/Seoul': '서울',
    'Asia/Shanghai': '상하이',
    'Asia/Singapore': '싱가포르',
    'Asia/Taipei': '타이베이',
    'Asia/Tashkent': '타슈켄트',
    'Asia/Tehran': '테헤란',
    'Asia/Tokyo': '도쿄',
    'Asia/Ulaanbaatar': '울란바토르',
    'Asia/Vladivostok': '블라디보스토크',
    'Asia/Yangon': '양곤',
    'Atlantic/Reykjavik': '레이캬비크',
    'Australia/Adelaide': '애들레이드',
    'Australia/Brisbane': '브리즈번',
    'Australia/Lord_Howe': '로드하우섬',
    'Australia/Melbourne': '멜버른',
    'Australia/Perth': '퍼스',
    'Australia/Sydney': '시드니',
    'Etc/UTC': 'UTC',
    'Etc/GMT': 'UTC',
    'Europe/Amsterdam': '암스테르담',
    'Europe/Athens': '아테네',
    'Europe/Berlin': '베를린',
    'Europe/Brussels': '브뤼셀',
    'Europe/Bucharest': '부쿠레슈티',
    'Europe/Budapest': '부다페스트',
    'Europe/Copenhagen': '코펜하겐',
    'Europe/Dublin': '더블린',
    'Europe/Helsinki': '헬싱키',
    'Europe/Istanbul': '이스탄불',
    'Europe/Kyiv': '키이우',
    'Europe/Lisbon': '리스본',
    'Europe/London': '런던',
    'Europe/Madrid': '마드리드',
    'Europe/Moscow': '모스크바',
    'Europe/Oslo': '오슬로',
    'Europe/Paris': '파리',
    'Europe/Prague': '프라하',
    'Europe/Rome': '로마',
    'Europe/Stockholm': '스톡홀름',
    'Europe/Vienna': '빈',
    'Europe/Warsaw': '바르샤바',
    'Europe/Zurich': '취리히',
    'Pacific/Auckland': '오클랜드',
    'Pacific/Guam': '괌',
    'Pacific/Honolulu': '호놀룰루',
    UTC: 'UTC',
  },
};

/** 'Singapore' for 'Asia/Singapore': the city people know the zone by. */
export function cityOf(zone: ZoneId, locale: Locale): string {
  const known = CITIES[locale][zone] ?? CITIES.en[zone];
  if (known !== undefined) return known;
  const [, ...parts] = zone.split('/').map((part) => part.replace(/_/g, ' '));
  const city = parts.pop() ?? zone;
  // 'America/Indiana/Knox': several states have a town of that name; Argentina's provinces need no country.
  const state = parts[0];
  return state === undefined || state === 'Argentina' ? city : `${city}, ${state}`;
}

/** The words round a zone's present time, by language. */
const NOW: Record<Locale, { readonly sameDay: string; readonly otherDay: string }> = {
  en: { sameDay: '{city} — {time} now', otherDay: '{city} — {time} now, {weekday}' },
  ko: { sameDay: '{city} — 지금 {time}', otherDay: '{city} — 지금 {time}, {weekday}' },
};

/**
 * 'Singapore — 14:05 now'; with the weekday when it is another than where the reader is.
 * @param reader the zone the page is written in, when it is known
 */
export function zoneNow(zone: ZoneId, now: Instant, locale: Locale, reader: ZoneId = zone): string {
  const date = toWall(zone, now).date;
  const pattern = date === toWall(reader, now).date ? NOW[locale].sameDay : NOW[locale].otherDay;
  const parts: Record<string, string> = {
    city: cityOf(zone, locale),
    time: clockTime(now, zone, locale),
    weekday: weekdayName(date, locale),
  };
  return pattern.replace(/\{(\w+)\}/g, (_, name: string) => parts[name] ?? '');
}

/** Minutes by which `zone`'s clocks are ahead of `reader`'s at an instant; negative when behind. */
export const minutesAhead = (zone: ZoneId, reader: ZoneId, at: Instant): number =>
  offsetMinutes(zone, at) - offsetMinutes(reader, at);

export type Region = 'asia' | 'europe' | 'americas';

/** The dozen cities that the zone choice offers; all others stand on a page of their own. */
export const OFFERED_CITIES: readonly { readonly region: Region; readonly zones: readonly ZoneId[] }[] = [
  {
    region: 'asia',
    zones: [
      'Asia/Seoul',
      'Asia/Tokyo',
      'Asia/Singapore',
      'Asia/Hong_Kong',
      'Asia/Kolkata',
      'Asia/Dubai',
      'Australia/Sydney',
    ].map(getZone),
  },
  { region: 'europe', zones: ['Europe/London', 'Europe/Berlin', 'Africa/Lagos'].map(getZone) },
  { region: 'americas', zones: ['America/New_York', 'America/Los_Angeles', 'America/Sao_Paulo'].map(getZone) },
];

/** The continents and oceans of zone ids, in the order in which the page of all cities shows them. */
export const AREAS = [
  'Asia',
  'Australia',
  'Pacific',
  'Europe',
  'Africa',
  'America',
  'Atlantic',
  'Indian',
  'Antarctica',
  'Arctic',
] as const;
export type Area = (typeof AREAS)[number];

export interface City {
  readonly zone: ZoneId;
  readonly name: string;
}

/** Every city that can be chosen, by area, each area in the order of its language's alphabet. */
export function citiesByArea(locale: Locale): readonly { readonly area: Area; readonly cities: readonly City[] }[] {
  const collator = new Intl.Collator(locale);
  return AREAS.map((area) => ({
    area,
    cities: ZONE_IDS.filter((zone) => zone.startsWith(`${area}/`))
      .map((zone) => ({ zone, name: cityOf(zone, locale) }))
      .sort((a, b) => collator.compare(a.name, b.name)),
  })).filter(({ cities }) => cities.length > 0);
}
