import type { en } from './en';

type English = typeof en;
export type MessageKey = keyof English;
/** A text, or its forms by plural category (`{ one, other }`; the count is `{n}`). */
export type Text = string | { readonly one?: string; readonly other: string };
/** What every language holds: English's keys, each in English's shape. */
export type Messages = {
  readonly [K in MessageKey]: English[K] extends string ? string : Exclude<Text, string>;
};

type Names<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type TextOf<T> = T extends { readonly other: infer O } ? O : T;
type Values<K extends MessageKey> = {
  readonly [N in Names<TextOf<English[K]>>]: N extends 'n' ? number : string | number;
};
export type Arguments<K extends MessageKey> = [Names<TextOf<English[K]>>] extends [never] ? [] : [values: Values<K>];
