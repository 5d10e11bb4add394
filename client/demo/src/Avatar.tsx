import { useState } from 'react';
import type { Party } from './phone';

interface AvatarProps {
  readonly party: Party;
  readonly size: 'small' | 'medium' | 'large' | 'huge';
  /** Null where presence does not matter. */
  readonly isOnline?: boolean | null;
}

/** A face, or the initials where there is none. */
export function Avatar({ party, size, isOnline = null }: AvatarProps) {
  const [brokenUrl, setBrokenUrl] = useState<string | null>(null);
  const hasImage = party.avatar !== null && party.avatar !== brokenUrl;
  return (
    <span className={`avatar ${size}`} style={{ '--hue': hueOf(party.id) } as React.CSSProperties} aria-hidden="true">
      <span className={party.isGroup ? 'face group' : 'face'}>
        {initials(party.name)}
        {hasImage && <img src={party.avatar} alt="" onError={() => setBrokenUrl(party.avatar)} />}
      </span>
      {isOnline !== null && <span className={isOnline ? 'dot online' : 'dot'} />}
    </span>
  );
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/u);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return (
    letters
      .map((word) => Array.from(word ?? '')[0] ?? '')
      .join('')
      .toLocaleUpperCase() || '?'
  );
}

/** A hue in degrees that stays with an id; the same as in the call. */
function hueOf(id: string): number {
  const hash = Array.from(id).reduce(
    (sum, letter) => Math.imul(sum ^ (letter.codePointAt(0) ?? 0), 16_777_619),
    2_166_136_261,
  );
  return (hash >>> 7) % 360;
}
