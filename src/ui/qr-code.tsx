import { createMemo, type JSX } from "solid-js";
import { encode } from "uqr";
import { useText } from "./text-provider.tsx";

export interface QrCodeProps {
  /** What a camera shall read. The same must stand beside it as text. */
  readonly value: string;
  /** What it is, for a screen reader. */
  readonly label?: string | undefined;
}

/** A QR code of black squares, always dark on light: cameras do not read the reverse. */
export function QrCode(props: QrCodeProps): JSX.Element {
  const { text } = useText();
  const code = createMemo(() => encode(props.value, { ecc: "M", border: 0 }));
  const path = createMemo(() => code().data.map((row, y) => runsOf(row, y)).join(""));
  return (
    <span class="qr">
      <svg
        viewBox={`0 0 ${code().size} ${code().size}`}
        role="img"
        aria-label={props.label ?? text("common.qr.label")}
        shape-rendering="crispEdges"
      >
        <path fill="currentColor" d={path()} />
      </svg>
    </span>
  );
}

/** One rectangle for each run of dark squares in a row: a third of the path that one for each square would be. */
function runsOf(row: readonly boolean[], y: number): string {
  let path = "";
  let start = -1;
  for (let x = 0; x <= row.length; x += 1) {
    if (row[x] === true && start < 0) start = x;
    if (row[x] !== true && start >= 0) {
      path += `M${start} ${y}h${x - start}v1h-${x - start}z`;
      start = -1;
    }
  }
  return path;
}
