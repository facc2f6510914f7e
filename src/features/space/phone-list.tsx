import { For, type JSX, Show } from "solid-js";
import type { Moment } from "../../lib/iso-date.ts";
import { type GuardPhone, PhoneCard } from "../../ui/guard-card.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { phoneHours, phonesToCall } from "./rules.ts";
import type { Phone } from "./schema.ts";

/** The service's numbers as cards that dial. */
export function PhoneList(props: { phones: readonly Phone[]; now: Moment }): JSX.Element {
  const { text } = useText();
  const guardPhone = createGuardPhone();
  const phones = () => phonesToCall(props.phones, props.now).map((phone) => guardPhone(phone, props.now));
  return (
    <Show when={phones().length > 0} fallback={<p>{text("lock.noPhones")}</p>}>
      <ul class="phone-cards">
        <For each={phones()}>{(phone) => <PhoneCard phone={phone} />}</For>
      </ul>
    </Show>
  );
}

/** Words for a phone and for whether anyone answers it now. */
export function createGuardPhone(): (phone: Phone, now: Moment) => GuardPhone {
  const { text, format } = useText();
  return (phone, now) => {
    const hours = phoneHours(phone, now);
    return {
      name: text(`space.phone.${phone.id}`),
      number: phone.number,
      detail:
        hours.type === "always"
          ? text(`space.phoneDetail.${phone.id}`)
          : hours.type === "closed"
            ? text("space.phoneHours.closed")
            : text(`space.phoneHours.${hours.type}`, { time: format.time(hours.time) }),
    };
  };
}
