import { describe, expect, it } from 'vitest';
import type { SessionSnapshot } from '../../src/engine/view.js';
import { BEN, rig } from '../support/engine-rig.js';
import { settle } from '../support/manual-clock.js';

describe('snapshots', () => {
  it('are the same object until something changes, and keep what did not change', async () => {
    const one = await rig().start();
    const before = one.engine.snapshot;
    await one.clock.advance(1_000);
    expect(one.engine.snapshot).toBe(before);
    await one.event('onUserMuteChanged', { user: { ...BEN, isAudioMuted: true } });
    const after = one.engine.snapshot;
    expect(after).not.toBe(before);
    expect(after.participants[0]).toBe(before.participants[0]);
    expect(after.participants[1]).not.toBe(before.participants[1]);
    expect(after.devices).toBe(before.devices);
  });

  it('are announced once per change, until the listener has enough', async () => {
    const one = await rig().start();
    const seen: SessionSnapshot[] = [];
    const stop = one.engine.subscribe((snapshot) => seen.push(snapshot));
    one.engine.setMode('SPOTLIGHT');
    one.engine.setMode('TILE');
    await settle();
    expect(seen.map(({ mode }) => mode)).toEqual(['TILE']);
    one.engine.setMode('TILE');
    await settle();
    expect(seen).toHaveLength(1);
    stop();
    one.engine.setMode('DEFAULT');
    await settle();
    expect(seen).toHaveLength(1);
  });

  it('drop a problem that was dismissed', async () => {
    const one = rig();
    one.media.devices.refuse.audio = 'NotFoundError';
    await one.start();
    one.engine.dismissProblem(one.engine.snapshot.problems[0]!.id);
    expect(one.engine.snapshot.problems).toEqual([]);
  });
});
