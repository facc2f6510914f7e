import { fileURLToPath } from "node:url";
import { parseAst, type Plugin } from "vite";

const policyModule = fileURLToPath(new URL("../src/lib/trusted-types.ts", import.meta.url));
const solid = "solid-js/web";
const runtime = /solid-js\/web\/dist\/(?:web|dev)\.js(?:\?|$)/;
const sink = "t.innerHTML = html;";

/** Elements and attributes that the content security policy would refuse, or that would run something. */
const unwelcome = /<(?:script|style|iframe|object|embed)\b|\s(?:on\w+|style)=/i;

type Node = { type: string } & Record<string, unknown>;

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "type" in value;

function childrenOf(node: Node): Node[] {
  return Object.values(node).flatMap((value) => (Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : []));
}

/** The text of a literal, or null for what is only known when it runs. */
function literalOf(node: Node | undefined): string | null {
  if (node?.type === "Literal" && typeof node["value"] === "string") return node["value"];
  if (node?.type !== "TemplateLiteral" || (node["expressions"] as Node[]).length > 0) return null;
  const [quasi] = node["quasis"] as { value: { cooked: string } }[];
  return quasi?.value.cooked ?? null;
}

/** What this module calls Solid's `template`, or null when it does not take it. */
function localName(program: Node, fail: (message: string) => never): string | null {
  for (const statement of program["body"] as Node[]) {
    const source = statement["source"];
    if (!isNode(source) || source["value"] !== solid) continue;
    if (statement.type === "ExportAllDeclaration") fail("passes the whole of Solid's runtime on");
    for (const specifier of (statement["specifiers"] ?? []) as Node[]) {
      const imported = specifier["imported"] ?? specifier["local"];
      if (specifier.type === "ImportNamespaceSpecifier") fail("takes the whole of Solid's runtime");
      if (!isNode(imported) || imported["name"] !== "template") continue;
      if (specifier.type !== "ImportSpecifier") fail("passes Solid's template() on");
      return (specifier["local"] as Node)["name"] as string;
    }
  }
  return null;
}

/**
 * Lets Solid's `template()` through the app's Trusted Types policy (src/lib/trusted-types.ts), and holds every call of it in the app and its libraries to
 * a literal that is known now: so nothing that the app reads can become HTML. The build fails otherwise.
 */
export function trustedTemplates(): Plugin {
  return {
    name: "trusted-templates",
    apply: "build",
    // After Solid's compiler, which makes the calls.
    enforce: "post",
    transform(code, id) {
      const fail = (message: string): never => this.error(`${id} ${message}`);
      if (runtime.test(id)) {
        if (code.split(sink).length !== 2) fail(`has no «${sink}» to put the policy into`);
        return { code: `import { templateHtml } from ${JSON.stringify(policyModule)};\n${code.replace(sink, "t.innerHTML = templateHtml(html);")}`, map: null };
      }
      if (!code.includes(solid)) return null;
      const program = parseAst(code) as unknown as Node;
      const name = localName(program, fail);
      const look = (node: Node): void => {
        if (node.type === "ImportDeclaration") return;
        const isCall = name !== null && node.type === "CallExpression" && (node["callee"] as Node)["name"] === name;
        if (isCall) {
          const [given, ...rest] = node["arguments"] as Node[];
          const html = literalOf(given);
          if (html === null) fail("gives template() something that is not a literal");
          else if (unwelcome.test(html)) fail(`has a template that the browser would refuse: ${html.slice(0, 200)}`);
          rest.forEach(look);
        } else if (node.type === "ImportExpression" && literalOf(node["source"] as Node) === solid) fail("takes the whole of Solid's runtime");
        else if (node.type === "Identifier" && node["name"] === name) fail("uses template() other than by calling it");
        else childrenOf(node).forEach(look);
      };
      look(program);
      return null;
    },
  };
}
