import { expect, it } from 'vitest';
import { EngineRig, ME, BEN } from '../support/engine-rig.js';
import { FakeMedia } from '../support/fake-media.js';
import { settle } from '../support/manual-clock.js';

it('leaves nothing behind after 200 calls: no connection, device, sound, timer or listener', async () => {
  const media = new FakeMedia();
  for (let call = 0; call < 200; call++) {
    const rig = new EngineRig({}, media);
    await rig.start([ME, BEN]);
    await rig.offerBen();
    await settle();
    rig.engine.dispose();
    await settle();
    expect(rig.clock.pending, `timers after call ${call}`).toBe(0);
    expect(media.devices.listenerCount, `device listeners after call ${call}`).toBe(0);
  }
  expect(media.peerConnections.every(({ connectionState }) => connectionState === 'closed')).toBe(true);
  expect(media.devices.opened.every(({ readyState }) => readyState === 'ended')).toBe(true);
  expect(media.sinks.every(({ isRemoved, srcObject }) => isRemoved && srcObject === null)).toBe(true);
});
