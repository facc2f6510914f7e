import { createUniqueId, Show, type JSX } from "solid-js";

/**
 * A school corridor with its door open (the lock screen) or closed (Skjul). Wall and floor are drawn far beyond the picture, so that the
 * place it is put in can be of any shape: the things stay at the bottom, in the middle.
 */
export function CorridorScene(props: { readonly door: "open" | "closed" }): JSX.Element {
  const id = createUniqueId();
  return (
    <div class="scene" data-door={props.door} aria-hidden="true">
      <svg viewBox="0 0 820 452">
        <defs>
          <linearGradient id={`${id}-room`} x1="0" y1="0" x2="0" y2="1">
            <stop offset="0" stop-color="#fdeecb" />
            <stop offset="1" stop-color="#f2c467" />
          </linearGradient>
          <linearGradient id={`${id}-floor`} x1="0" y1="0" x2="0" y2="1">
            <stop offset="0" stop-color="#f6cf83" stop-opacity=".9" />
            <stop offset="1" stop-color="#f6cf83" stop-opacity="0" />
          </linearGradient>
          <radialGradient id={`${id}-glow`}>
            <stop offset="0" stop-color="#fbe3a8" stop-opacity=".85" />
            <stop offset=".45" stop-color="#fbe6b4" stop-opacity=".5" />
            <stop offset="1" stop-color="#fbe6b4" stop-opacity="0" />
          </radialGradient>
        </defs>
        <path class="scene-wall" d="M-2000-3000h4820v3360H-2000Z" />
        <path class="scene-panel" d="M-2000 247h4820v113H-2000Z" />
        <path class="scene-rail" d="M-2000 246h4820v3H-2000Z" />
        <Show when={props.door === "open"}>
          <ellipse class="scene-glow" cx="500" cy="215" rx="430" ry="250" fill={`url(#${id}-glow)`} />
        </Show>
        <path class="scene-floor" d="M-2000 360h4820v3000H-2000Z" />
        <path class="scene-skirting" d="M-2000 360h4820v7H-2000Z" />
        <g class="scene-things">
          <CoatsAndBoots />
          <NoticeBoard />
        </g>
        <path class="scene-frame" d="M413 64h178a5 5 0 0 1 5 5v288a5 5 0 0 1-5 5h-7V76H420v286h-7a5 5 0 0 1-5-5V69a5 5 0 0 1 5-5Z" />
        <Show when={props.door === "open"} fallback={<ClosedDoor />}>
          <path fill={`url(#${id}-room)`} d="M420 76h164v284H420Z" />
          <path fill="#eec069" d="M520 302h48v58h-48Z" />
          <path fill="#e2b052" d="M514 294h60v8h-60Z" />
          <path fill="#b4663a" d="M533 270h24l-3.5 24h-17Z" />
          <path
            fill="#4e7f60"
            d="M545 270c-7-13-5.5-25 0-34 5.5 9 7 21 0 34Zm0 0c-12-.5-18.5-11-19-24 10.5 3 17.5 11 19 24Zm0 0c12-.5 18.5-11 19-24-10.5 3-17.5 11-19 24Z"
          />
          <path fill={`url(#${id}-floor)`} d="M473 360h111l140 84v8H420Z" />
          <path class="scene-door" d="m420 76 76 22v298l-76-34Z" />
          <path class="scene-door-panel" d="m432 108 51 14v92l-51-6Zm0 126 51 4v131.5L432 348Z" />
          <circle fill="#f4cf85" cx="487" cy="232" r="6" />
        </Show>
      </svg>
    </div>
  );
}

function ClosedDoor(): JSX.Element {
  return (
    <>
      <path class="scene-door" d="M420 76h164v286H420Z" />
      <path
        class="scene-door-panel"
        d="M441 96h123a3 3 0 0 1 3 3v96a3 3 0 0 1-3 3H441a3 3 0 0 1-3-3V99a3 3 0 0 1 3-3Zm0 130h123a3 3 0 0 1 3 3v106a3 3 0 0 1-3 3H441a3 3 0 0 1-3-3V229a3 3 0 0 1 3-3Z"
      />
      <circle fill="#e5c580" cx="566" cy="214" r="7" />
    </>
  );
}

function CoatsAndBoots(): JSX.Element {
  return (
    <>
      <path
        fill="#80643f"
        d="M115 153h6v14a3 3 0 0 1-6 0Zm42 0h6v14a3 3 0 0 1-6 0Zm42 0h6v14a3 3 0 0 1-6 0Zm42 0h6v14a3 3 0 0 1-6 0Zm42 0h6v14a3 3 0 0 1-6 0Z"
      />
      <rect fill="#aa895a" x="96" y="146" width="214" height="9" rx="4.5" />
      <path fill="#dea63f" d="M160 168c13 0 21 12 23.5 26L191 258a6 6 0 0 1-6 7H135a6 6 0 0 1-6-7l7.5-64c2.5-14 10.5-26 23.5-26Z" />
      <path fill="#c08b2b" d="M147 170h26c-2 6-7 9-13 9s-11-3-13-9Zm11.8 8h2.4v87h-2.4Z" />
      <path fill="none" stroke="#234f5f" stroke-width="4" d="M237 174c0-12 16-12 16 0" />
      <rect fill="#306173" x="222" y="172" width="46" height="64" rx="16" />
      <rect fill="#24505f" x="229" y="204" width="32" height="25" rx="8" />
      <path fill="#94774b" d="M112 320h10v41a3 3 0 0 1-3 3h-4a3 3 0 0 1-3-3Zm176 0h10v41a3 3 0 0 1-3 3h-4a3 3 0 0 1-3-3Z" />
      <rect fill="#b5935f" x="92" y="312" width="226" height="12" rx="6" />
      <path fill="#a34a3d" d="M196 338h15v13c9 1 14 5 14 13h-29c-1-9-.8-18 0-26Z" />
      <path fill="#8d3930" d="M226 338h15v13c9 1 16 5 16 13h-31c-1-9-.8-18 0-26Z" />
    </>
  );
}

function NoticeBoard(): JSX.Element {
  return (
    <>
      <rect fill="#fcf7eb" x="634" y="138" width="94" height="70" rx="6" />
      <rect fill="#9fbfb2" x="644" y="148" width="34" height="22" rx="3" />
      <rect fill="#e9c986" x="684" y="148" width="34" height="22" rx="3" />
      <rect fill="#d99f90" x="644" y="176" width="34" height="22" rx="3" />
      <rect fill="#abbdd1" x="684" y="176" width="34" height="22" rx="3" />
    </>
  );
}
