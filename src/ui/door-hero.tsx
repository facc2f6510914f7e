import { createUniqueId, type JSX } from "solid-js";

/** The large card of a first screen: what is next, beside a door ajar whose light falls across the floor. */
export function DoorHero(props: { readonly children: JSX.Element }): JSX.Element {
  const gradient = createUniqueId();
  return (
    <section class="card hero" data-kind="hero">
      <svg class="hero-art" viewBox="0 0 708 280" aria-hidden="true">
        <defs>
          <linearGradient id={gradient} gradientUnits="userSpaceOnUse" x1="640" y1="200" x2="270" y2="262">
            <stop class="art-light-stop" offset="0" stop-opacity=".95" />
            <stop class="art-light-stop" offset="1" stop-opacity="0" />
          </linearGradient>
        </defs>
        <path fill={`url(#${gradient})`} d="M600 206h72L396 320H-183Z" />
        <path class="art-frame" d="M598 36h72a4 4 0 0 1 4 4v162a4 4 0 0 1-6 4V42h-68v164a4 4 0 0 1-6-4V40a4 4 0 0 1 4-4Z" />
        <path class="art-light" d="M600 42h68v164h-68Z" />
        <path class="art-door" d="m668 42-42 14v169.6l42-19.6Z" />
        <circle class="art-knob" cx="632" cy="140" r="3.6" />
      </svg>
      <div class="hero-content">{props.children}</div>
    </section>
  );
}

/** A small door ajar, for a list with nothing in it. */
export function SmallDoor(): JSX.Element {
  return (
    <svg viewBox="0 0 64 64" width="64" height="64" aria-hidden="true">
      <path class="art-light" opacity=".55" d="M22 52h19l15 9H16Z" />
      <path class="art-frame" d="M20 6h24a2 2 0 0 1 2 2v44h-3V9H21v43h-3V8a2 2 0 0 1 2-2Z" />
      <path class="art-light" d="M21 9h22v43H21Z" />
      <path class="art-door" d="M43 9 30 13.5V58l13-6Z" />
      <circle class="art-knob" cx="32.6" cy="35" r="1.4" />
    </svg>
  );
}
