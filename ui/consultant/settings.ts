// Settings made safe for controllers that do not look.

type Plain = Record<string, unknown>;

/** A copy in which groups are off where there are none and positions are among the known ones. */
export function safeSettings(settings: unknown): Plain {
  const copy: Plain = isPlain(settings) ? { ...settings } : {};
  for (const key of ["chat", "offline_message"]) {
    const form = copy[key];
    if (isPlain(form)) copy[key] = safeForm(form);
  }
  return copy;
}

function safeForm(form: Plain): Plain {
  const groups = form["allowed_groups"];
  const hasGroups = Array.isArray(groups) && groups.length > 0;
  return {
    ...form,
    is_groups_enabled: Boolean(form["is_groups_enabled"]) && hasGroups,
    h_position: oneOf(["left", "right"], form["h_position"], "right"),
    v_position: oneOf(["top", "middle", "bottom"], form["v_position"], "bottom"),
  };
}

function oneOf(allowed: string[], value: unknown, otherwise: string): string {
  return typeof value === "string" && allowed.includes(value) ? value : otherwise;
}

function isPlain(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
