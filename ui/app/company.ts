// A company's colour on the program's own buttons: on light ground, on dark ground, with words that can be read on both.
import type { Company } from "../generated/Company";

/** Puts the company's colours over ours, where it has some. */
export function wearColors(company: Company | null, root: HTMLElement): void {
  if (!company?.colors) return;
  const [light, dark] = company.colors;
  root.style.setProperty("--own", `light-dark(${light}, ${dark})`);
  root.style.setProperty("--on-own", `light-dark(${wordsOn(light)}, ${wordsOn(dark)})`);
}

/** White or black, whichever has the greater contrast by WCAG. */
export function wordsOn(color: string): "#ffffff" | "#000000" {
  const channel = (place: number) => {
    const value = parseInt(color.slice(place, place + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
  return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 ? "#ffffff" : "#000000";
}
