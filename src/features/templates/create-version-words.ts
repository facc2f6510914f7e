import type { Accessor } from "solid-js";
import { dateOf, type Moment } from "../../lib/iso-date.ts";
import type { Translator } from "../../i18n/translate.ts";
import { useText } from "../../ui/text-provider.tsx";

/** Which kind of template: its words are in the text section of that name, under the same keys in each. */
export type TemplateKind = "routines" | "agendas";

type Made = { readonly id: string; readonly madeAt: Moment };

/** Which version it is, in words: ours by its number, somebody's own by whose it is and from when. In the page's language, or in that of `words`. */
export type VersionWords = (version: string, words?: Pick<Translator, "text" | "format">) => string;

export function createVersionWords(kind: TemplateKind, ofSchool: Accessor<readonly Made[]>, ofService: Accessor<readonly Made[]>): VersionWords {
  const own = useText();
  return (version, { text, format } = own) => {
    const number = /^shipped-\w+-(\d+)$/.exec(version)?.[1];
    if (number !== undefined) return text(`${kind}.version.shipped`, { number });
    const madeBy = (owner: "school" | "service", versions: readonly Made[]) => {
      const made = versions.find(({ id }) => id === version);
      return made && text(`${kind}.version.${owner}`, { date: format.date(dateOf(made.madeAt), "dayYear") });
    };
    return madeBy("school", ofSchool()) ?? madeBy("service", ofService()) ?? text(`${kind}.version.earlier`);
  };
}
