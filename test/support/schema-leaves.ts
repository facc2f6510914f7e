import type * as z from "zod/mini";

export type Schema = z.ZodMiniType;
/** A place that holds a value, or the name of a field. */
export type Place = { path: string; schema: Schema };

/** Every leaf of a schema, with its path; a schema of a kind that is not known here fails, so that nothing is passed over. */
export function leavesOf(schema: Schema, path = ""): Place[] {
  const { def } = schema._zod as unknown as { def: Record<string, unknown> & { type: string } };
  const into = (inner: unknown, name: string) => leavesOf(inner as Schema, path + name);
  switch (def.type) {
    case "object":
      return Object.entries(def["shape"] as Record<string, Schema>).flatMap(([field, inner]) => into(inner, `.${field}`));
    case "array":
      return into(def["element"], "[]");
    case "record":
      return [...into(def["keyType"], "{key}"), ...into(def["valueType"], "{}")];
    case "union":
      return (def["options"] as Schema[]).flatMap((option) => into(option, ""));
    case "optional":
    case "nullable":
      return into(def["innerType"], "");
    case "pipe":
      return into(def["in"], "");
    case "string":
    case "template_literal":
    case "enum":
    case "literal":
    case "boolean":
    case "number":
    case "int":
      return [{ path, schema }];
    default:
      throw new Error(`a kind of schema to be looked at: ${def.type} at ${path}`);
  }
}

/** The schemas that a module exports, by name. */
export function schemasOf(module: object): [string, Schema][] {
  return Object.entries(module).filter((entry): entry is [string, Schema] => typeof entry[1] === "object" && entry[1] !== null && "_zod" in entry[1]);
}
