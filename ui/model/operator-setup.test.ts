import { describe, expect, it } from "vitest";
import { isFit, setupFaults } from "./operator-setup";

describe("the first account", () => {
  it("says of each field what is wrong with it", () => {
    expect(setupFaults({ name: " ", login: "", password: "1234567" })).toEqual({
      name: "name_missing",
      login: "login_missing",
      password: "password_short",
    });
    expect(setupFaults({ name: "n".repeat(201), login: "a b", password: "p".repeat(1_001) })).toEqual({
      name: "name_long",
      login: "login_spaces",
      password: "password_long",
    });
    expect(setupFaults({ name: "A", login: "l".repeat(65), password: "12345678" }).login).toBe("login_long");
  });

  it("takes what is right, counted in characters and not in units", () => {
    expect(isFit(setupFaults({ name: " Anna ", login: "anna", password: "🔔".repeat(8) }))).toBe(true);
    expect(isFit(setupFaults({ name: "Anna", login: "anna", password: "🔔".repeat(7) }))).toBe(false);
  });
});
