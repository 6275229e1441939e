import type { Message } from '../api/types';
import { faces } from './faces';
import { After, Before } from './MessageMarks';
import { Placeholder } from './Placeholder';

/** What a message says, by its type, with what belongs to it. */
export function Content({ message, customerName }: { message: Message; customerName: string }) {
  const Face = faces[message.type];
  return (
    <>
      <Before message={message} customerName={customerName} />
      {Face ? <Face message={message} customerName={customerName} /> : <Placeholder message={message} />}
      <After message={message} />
    </>
  );
}
