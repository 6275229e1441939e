import type { Message } from '../api/types';
import { HiddenMark } from '../quarantine/HiddenMark';
import { hiddenOf } from '../quarantine/hidden';
import { faces } from './faces';
import { ScanMark } from './faces/ScanMark';
import { After, Before } from './MessageMarks';
import { Placeholder } from './Placeholder';

/** What a message says, by its type, with what belongs to it. */
export function Content({ message, customerName }: { message: Message; customerName: string }) {
  const Face = faces[message.type];
  const hidden = hiddenOf(message);
  return (
    <>
      <Before message={message} customerName={customerName} />
      {Face ? <Face message={message} customerName={customerName} /> : <Placeholder message={message} />}
      <ScanMark media={message.media} />
      <After message={message} />
      {hidden && <HiddenMark message={message} hidden={hidden} />}
    </>
  );
}
