import { createContext, type JSX, useContext } from "solid-js";
import type { PdfMaker } from "../paper/pdf-maker.ts";

/** What makes PDFs, and what time it is: a PDF says when it was made. */
export type PdfMaking = { readonly maker: PdfMaker; readonly now: () => Date };

const PdfMakingContext = createContext<PdfMaking>();

/** Gives every page below it the one PDF maker, which keeps its fonts from one page to the next. */
export function PdfMakerProvider(props: PdfMaking & { readonly children: JSX.Element }): JSX.Element {
  return <PdfMakingContext.Provider value={{ maker: props.maker, now: () => props.now() }}>{props.children}</PdfMakingContext.Provider>;
}

/** @throws without a provider above it */
export function usePdfMaker(): PdfMaking {
  const making = useContext(PdfMakingContext);
  if (making === undefined) throw new Error("usePdfMaker needs a PdfMakerProvider above it");
  return making;
}
