// §1 of the consultant API: a folder that ran on a website runs here, its pictures too.
import { expect, test } from "vitest";
import { toElement, type Compiled } from "./template";

const BASE = "pack://localhost/0123456789abcdef/shop/index.html?script=0";
const SHOP = "pack://localhost/0123456789abcdef/shop/";

function of(html: string): Compiled {
  return Object.assign(() => html, { base: BASE });
}

const drawn = (html: string): string => toElement(of(html), {}, {}).outerHTML;

test.each([
  ['<img src="img/a b.png">', `<img src="${SHOP}img/a%20b.png">`],
  ['<p><audio src="./ping.mp3"></audio></p>', `<p><audio src="${SHOP}ping.mp3"></audio></p>`],
  ['<video poster="../still.png"></video>', `<video poster="${SHOP.slice(0, -5)}still.png"></video>`],
])("[X] %s: a relative path starts where the page lies that names the template", (html, expected) => {
  expect(drawn(html)).toBe(expected);
});

test("[X] a picture in an inline style is found, too", () => {
  const element = toElement(of("<p><b style=\"color: red; background: url('img/a.png')\"></b></p>"), {}, {});
  const style = element.firstElementChild?.getAttribute("style");
  expect(style).toBe(`color: red; background: url('${SHOP}img/a.png')`);
});

test("[X] by its name, too; nested in a div that the parser made", () => {
  expect(toElement("card", {}, { card: of('<img src="a.png">') }).outerHTML).toBe(`<img src="${SHOP}a.png">`);
});

test.each([
  '<img src="data:image/png;base64,AA">',
  '<img src="desk://localhost/file/1">',
  '<img src="/widget/a.png">',
  '<img src="">',
  '<p style="fill: url(#shade)"></p>',
  '<a href="catalogue.html">x</a>',
])("%s stays as it is", (html) => {
  expect(drawn(html)).toBe(html);
});

test("a template that lies in no pack stays as it is", () => {
  const template: Compiled = () => '<img src="a.png">';
  expect(toElement(template, {}, {}).outerHTML).toBe('<img src="a.png">');
});

test("[X] words without an element round them are shown all the same", () => {
  expect(drawn("Good morning &amp; welcome")).toBe("<div>Good morning &amp; welcome</div>");
});
