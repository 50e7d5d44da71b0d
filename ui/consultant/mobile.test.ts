// `CallGear.UI.Mobile` of the consultant API.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { mobile } from "./mobile";

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
  test("flip isFullSizeMode() at once, and unform() later fires ui:actionend", () => {
    const one = mobile(told);
    expect(one.isFullSizeMode()).toBe(false);
    one.form();
    expect(one.isFullSizeMode()).toBe(true);
    one.unform();
    expect([one.isFullSizeMode(), told.mock.calls]).toEqual([false, []]);
    vi.runAllTimers();
    expect(told.mock.calls).toEqual([["ui:actionend"]]);
  });
});

describe("updateLabelStyles", () => {
  test("anything may be null", () => {
    for (const nothing of [null, undefined, 7, "text", {}]) {
      expect(() => mobile(told).updateLabelStyles(nothing, nothing, nothing, nothing, nothing)).not.toThrow();
      expect(() => mobile(told).updateLabelStyles(label(), nothing, nothing, nothing, nothing)).not.toThrow();
    }
    mobile(told).updateLabelStyles(label());
  });

  test("numbers are percent of the viewport's width, camelCase, negative ones too; words stay", () => {
    const style = styled({
      width: 15,
      minHeight: 2.5,
      top: -6.5,
      borderRadius: 3,
      display: "flex",
      zIndex: 5,
    });
    expect([
      style.width,
      style.minHeight,
      style.top,
      style.borderRadius,
      style.display,
      style.zIndex,
    ]).toEqual(["15vw", "2.5vw", "-6.5vw", "3vw", "flex", "5"]);
  });

  test.each([
    ["top", "right", { top: "7vw", bottom: "auto", right: "5vw", left: "auto" }],
    ["bottom", "left", { bottom: "7vw", top: "auto", left: "5vw", right: "auto" }],
  ])("position %s %s", (top, left, expected) => {
    expect(styled(null, { top, left }, { top: 7, left: 5 })).toMatchObject(expected);
  });

  test("position middle puts the element's middle there, middle-fixed its upper edge", () => {
    expect(styled({ height: 15 }, { top: "middle" }, { top: 2 }).top).toBe("calc(50% - 5.5vw)");
    expect(styled(null, { top: "middle-fixed" }, { top: -7 }).top).toBe("calc(50% - 7vw)");
    expect(styled(null, { top: "middle" }, null).top).toMatch(/^calc\(50%/);
  });
});
