import type { ReactNode } from 'react';
import type { Message } from '../../api/types';
import { Answered } from './Answered';
import { Cards } from './Cards';
import { DocumentFile } from './DocumentFile';
import { Film } from './Film';
import { MissedCall } from './MissedCall';
import { Order } from './Order';
import { Picture } from './Picture';
import { Place } from './Place';
import { Sound } from './Sound';
import { Sticker } from './Sticker';
import { Tappable } from './Tappable';
import { TemplateWords, Words } from './Words';

export interface FaceProps {
  message: Message;
  customerName: string;
}

/** What is in the bubble, by type (types.ts). Without one the placeholder says what it is. */
export const faces: Record<string, (props: FaceProps) => ReactNode> = {
  text: Words,
  note: Words,
  template: TemplateWords,
  image: Picture,
  video: Film,
  audio: Sound,
  voice: Sound,
  document: DocumentFile,
  sticker: Sticker,
  location: Place,
  contacts: Cards,
  interactive: (props) =>
    props.message.direction === 'outbound' ? <Tappable {...props} /> : <Answered {...props} />,
  button: Answered,
  order: Order,
  call: MissedCall,
};
