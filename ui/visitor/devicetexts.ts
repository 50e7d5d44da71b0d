// What the panel of devices says, in the person's language.
import type { Locale } from "../generated/Locale";
import en from "../locales/en/devices.json";
import ru from "../locales/ru/devices.json";
import { createTranslate, type Translate } from "../model/locale";

/** Keys of the panel's catalogue. */
export type DeviceText = keyof typeof en;

/** The panel's texts. */
export interface DeviceTexts {
  t: Translate<DeviceText>;
  /** A day. */
  date(moment: number): string;
  /** How long ago, in the largest unit that fits. */
  ago(moment: number, now: number): string;
}

/** Both catalogues in one language. */
export function deviceTexts(locale: Locale): DeviceTexts {
  const dates = new Intl.DateTimeFormat(locale, { dateStyle: "long" });
  const spans = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  return {
    t: createTranslate<DeviceText>(locale, { en, ru }),
    date: (moment) => dates.format(moment),
    ago(moment, now) {
      const minutes = Math.max(0, Math.round((now - moment) / 60_000));
      if (minutes < 60) return spans.format(-minutes, "minute");
      if (minutes < 24 * 60) return spans.format(-Math.round(minutes / 60), "hour");
      return spans.format(-Math.round(minutes / 60 / 24), "day");
    },
  };
}
