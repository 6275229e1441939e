import { useEffect, useState } from 'react';

/** What the digits of a wa_id say about a number. */
export interface PhoneView {
  text: string;
  country: string | null;
}

type Parse = typeof import('libphonenumber-js/min').parsePhoneNumberFromString;
let parse: Parse | null = null;
let loading: Promise<void> | null = null;

/** The tables of the world's numbers are large and wanted only once a thread is open. */
function load(): Promise<void> {
  loading ??= import('libphonenumber-js/min').then((library) => {
    parse = library.parsePhoneNumberFromString;
  });
  return loading;
}

/** Nationally in the account's own country (090-1234-5678), else internationally (+44 7911 123456). */
export function formatWaId(parser: Parse, waId: string, accountCountry: string): PhoneView {
  const number = parser(`+${waId}`);
  if (!number) return { text: `+${waId}`, country: null };
  const national = number.country === accountCountry;
  return {
    text: national ? number.formatNational() : number.formatInternational(),
    country: number.country ?? null,
  };
}

export function usePhone(waId: string | null, accountCountry: string): PhoneView | null {
  const [, setLoaded] = useState(parse !== null);
  useEffect(() => {
    // Without the tables the digits are shown as they are.
    if (!parse)
      void load().then(
        () => setLoaded(true),
        () => undefined,
      );
  }, []);
  if (waId === null) return null;
  return parse ? formatWaId(parse, waId, accountCountry) : { text: `+${waId}`, country: null };
}
