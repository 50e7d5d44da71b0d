// §3 of the consultant API, promise by promise: `CallGear.UI.Mobile`.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { mobile } from "../mobile";

const told = vi.fn();

function label(): HTMLElement {
  return document.createElement("div");
}

/** Styles that an element has after the call. */
function styled(...args: [styles?: unknown, position?: unknown, margins?: unknown]): CSSStyleDeclaration {
  const [styles, position, margins] = args;
  const element = label();
  mobile(told).updateLabelStyles(element, styles, null, position, margins);
  return element.style;
}

beforeEach(() => {
  vi.useFakeTimers();
  told.mockClear();
});

afterEach(() => {
  vi.useRealTimers();
});

describe("form() and unform()", () => {
  test("[X] §3 flip isFullSizeMode() at once", () => {
    const one = mobile(told);
    const modes = [one.isFullSizeMode()];
    one.form();
    modes.push(one.isFullSizeMode());
    one.unform();
    modes.push(one.isFullSizeMode());
    expect(modes).toEqual([false, true, false]);
  });

  test("[X] §3 unform() later fires ui:actionend, with isFullSizeMode() false by then", () => {
    const one = mobile(told);
    const modes: boolean[] = [];
    told.mockImplementationOnce(() => modes.push(one.isFullSizeMode()));
    one.unform();
    expect(told).not.toHaveBeenCalled();
    vi.runAllTimers();
    expect([told.mock.calls, modes]).toEqual([[["ui:actionend"]], [false]]);
  });

  test("form() later fires ui:actionstart: labels of other controllers make way for it", () => {
    const one = mobile(told);
    one.form();
    one.unform();
    expect(told).not.toHaveBeenCalled();
    vi.runAllTimers();
    expect(told.mock.calls).toEqual([["ui:actionstart"], ["ui:actionend"]]);
  });
});

describe("updateLabelStyles(el, styles, unused, position, margins)", () => {
  test.each([[null], [undefined], [7], ["text"], [{}]])("[X] §3 anything may be %j", (nothing) => {
    const { updateLabelStyles } = mobile(told);
    const element = label();
    updateLabelStyles(nothing, nothing, nothing, nothing, nothing);
    updateLabelStyles(element, nothing, nothing, nothing, nothing);
    updateLabelStyles(element);
    expect(element.style.cssText).toBe("");
  });

  test("[X] §3 a position without margins, and margins without a position", () => {
    expect(styled(null, { top: "top", left: "left" }, null)).toMatchObject({ top: "0vw", left: "0vw" });
    expect(styled(null, null, { top: 7, left: 7 }).cssText).toBe("");
  });

  test("[X] §3 sets inline styles at once", () => {
    expect(styled({ display: "flex" }).cssText).toBe("display: flex;");
  });

  test("[X] §3 numbers are percent of the viewport's width, in camelCase", () => {
    const { width, minHeight, maxHeight, fontSize, borderRadius, paddingTop, borderWidth } = styled({
      width: 15,
      minHeight: 2.5,
      maxHeight: 35,
      fontSize: 3,
      borderRadius: 6 / 2,
      paddingTop: 1,
      borderWidth: 3,
    });
    expect([width, minHeight, maxHeight, fontSize, borderRadius, paddingTop, borderWidth]).toEqual(
      ["15", "2.5", "35", "3", "3", "1", "3"].map((size) => `${size}vw`),
    );
  });

  test("[X] §3 negative numbers too", () => {
    const { top, left } = styled({ top: -6.5, left: -5 });
    expect([top, left]).toEqual(["-6.5vw", "-5vw"]);
  });

  test("words stay words, and what is no length stays a number", () => {
    const { display, zIndex } = styled({ display: "flex", zIndex: 5 });
    expect([display, zIndex]).toEqual(["flex", "5"]);
  });

  test.each([
    ["top", "right", { top: "7vw", bottom: "auto", right: "5vw", left: "auto" }],
    ["bottom", "left", { bottom: "7vw", top: "auto", left: "5vw", right: "auto" }],
  ])("[X] §3 position %s and %s with margins {top, left}", (top, left, expected) => {
    expect(styled(null, { top, left }, { top: 7, left: 5 })).toMatchObject(expected);
  });

  test("[X] §3 position middle puts the element's middle there", () => {
    expect(styled({ height: 15 }, { top: "middle" }, { top: 2 }).top).toBe("calc(50% - 5.5vw)");
    expect(styled(null, { top: "middle" }, null).top).toMatch(/^calc\(50%/);
  });

  test("[X] §3 position middle-fixed puts its upper edge there, above it with a negative margin", () => {
    expect(styled(null, { top: "middle-fixed" }, { top: -7 }).top).toBe("calc(50% - 7vw)");
  });
});
