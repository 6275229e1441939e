import { Photo } from '../Photo';
import type { FaceProps } from '.';
import { Caption } from './Caption';

export function Picture({ message, customerName }: FaceProps) {
  const { media, direction } = message;
  return (
    <>
      {media && <Photo media={media} from={direction === 'inbound' ? customerName : null} />}
      <Caption text={message.text} />
    </>
  );
}
