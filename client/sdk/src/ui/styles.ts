import { PANEL_STYLES } from './panel-styles.js';

/**
 * The call UI's style sheet. It lives in a shadow root, so it neither leaks nor inherits more than the font. What is narrow or low is
 * measured on the element, not on the window: a call may be a small part of a large page.
 */
export const STYLES = `
:host {
  --belfry-accent: #46c2a5;
  --belfry-on-accent: #06231c;
  --belfry-danger: #d92d36;
  --belfry-danger-text: #ff8a8a;
  --belfry-warning: #e0a94a;
  --belfry-page: #0e1516;
  --belfry-surface: #172123;
  --belfry-raised: #233133;
  --belfry-line: #32454766;
  --belfry-text: #edf4f2;
  --belfry-quiet: #a7bab7;
  --belfry-tile-tone: 20% 17%;
  --belfry-shadow: 0 8px 28px #0008;
  --belfry-radius: 14px;
  display: block;
  position: relative;
  width: 100%;
  height: 100%;
  min-height: 220px;
  container: call / size;
  color-scheme: dark;
}
@media (prefers-color-scheme: light) {
  :host {
    --belfry-accent: #0f7b68;
    --belfry-on-accent: #fff;
    --belfry-danger-text: #b3212a;
    --belfry-page: #e9efed;
    --belfry-surface: #fff;
    --belfry-raised: #eaf0ee;
    --belfry-line: #14201f1f;
    --belfry-text: #14201f;
    --belfry-quiet: #54645f;
    --belfry-tile-tone: 30% 84%;
    --belfry-shadow: 0 8px 28px #14201f26;
    color-scheme: light;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
button, select { font: inherit; color: inherit; }
button { cursor: pointer; border: 0; padding: 0; background: none; display: grid; place-items: center; }
svg { width: 24px; height: 24px; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
:focus { outline: none; }
:focus-visible { outline: 3px solid var(--belfry-accent); outline-offset: 2px; }
.call:focus-visible { outline: none; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }

.call {
  position: absolute; inset: 0;
  display: flex; flex-direction: column;
  padding: env(safe-area-inset-top) env(safe-area-inset-right) 0 env(safe-area-inset-left);
  background: var(--belfry-page); color: var(--belfry-text);
  font-size: 15px; line-height: 1.4;
  -webkit-tap-highlight-color: transparent;
}
.room { position: relative; flex: 1; min-height: 0; }
.pictures { position: absolute; inset: 0; }
.stage { position: absolute; inset: 8px 8px 0; }
.has-people .pictures, .has-people .notices { inset-inline-end: 320px; }
.has-people .corner { inset-inline-end: calc(336px + var(--strip, 0px)); }
.is-preview > .room, .is-preview > .bar { display: none; }
.raised { display: grid; place-items: center; flex: none; width: 30px; height: 30px; border-radius: 50%; background: #f5c451; color: #3b2a00; }
.raised svg { width: 17px; height: 17px; }
.tile > .raised { position: absolute; bottom: 44px; inset-inline-start: 8px; }
.room[data-name-label='none'] [data-role='stage'] .label .name { display: none; }
.room[data-network-label='none'] [data-role='stage'] .label .bars { display: none; }
.room[data-name-label^='top'] [data-role='stage'] .label { bottom: auto; top: 60px; }
.room[data-name-label$='right'] [data-role='stage'] .label { inset-inline-start: auto; inset-inline-end: 8px; }
[data-role='stage'] .label { background: var(--belfry-name-label, #0b1112b8); }
.room[data-aspect='contain'] [data-role='stage']:not(.is-screen) video { object-fit: contain; }
.room[data-full-screen^='bottom'] .corner { top: auto; bottom: 12px; }
.room[data-full-screen$='left'] .corner { inset-inline: 16px auto; }
.notice .second { background: var(--belfry-raised); color: inherit; }
.controls > button:disabled { opacity: .5; }

.tile {
  position: absolute; overflow: hidden; border-radius: var(--belfry-radius); container-type: size;
  background: hsl(var(--hue, 170) var(--belfry-tile-tone));
  display: grid; place-items: center;
  transition: inset-inline-start .28s ease, top .28s ease, width .28s ease, height .28s ease, opacity .28s ease;
}
.tile::after {
  content: ''; position: absolute; inset: 0; border-radius: inherit; pointer-events: none;
  box-shadow: inset 0 0 0 1px var(--belfry-line);
}
.tile.is-speaking::after { box-shadow: inset 0 0 0 calc(2px + 3px * var(--level, 0)) var(--belfry-accent); }
.tile video { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: cover; }
.tile video.is-empty { visibility: hidden; }
.tile.is-mirrored video { transform: scaleX(-1); }
.tile.is-screen { background: #0a0f10; }
.tile.is-screen video { object-fit: contain; }
.tile.is-lost video, .tile.is-lost .avatar { opacity: .35; filter: grayscale(1); }
.tile[data-role='preview'] { z-index: 2; box-shadow: var(--belfry-shadow); --belfry-radius: 12px; }
.is-dimmed .tile { opacity: .45; }

.avatar {
  position: relative; overflow: hidden; flex: none;
  width: clamp(36px, 36cqmin, 168px); aspect-ratio: 1; border-radius: 50%;
  display: grid; place-items: center;
  background: hsl(var(--hue, 170) 42% 30%); color: #fff;
  font-size: clamp(14px, 13.5cqmin, 62px); font-weight: 600; letter-spacing: .01em;
  user-select: none;
}
.bars[data-quality='good'] { opacity: .85; }
[data-role='strip'] .bars[data-quality='good'], [data-role='preview'] .bars[data-quality='good'] { display: none; }
.tile.is-speaking .avatar { box-shadow: 0 0 0 calc(4px + 14px * var(--level, 0)) color-mix(in srgb, var(--belfry-accent) 35%, transparent); }
@container (max-height: 130px) { .avatar { margin-bottom: 20px; } }
.avatar img { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: cover; }

.label {
  position: absolute; inset-inline-start: 8px; bottom: 8px; max-width: calc(100% - 16px);
  display: flex; align-items: center; gap: 6px; padding: 4px 10px; border-radius: 999px;
  background: #0b1112b8; color: #fff; font-size: 13px; font-weight: 500;
}
.label .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.label svg { width: 15px; height: 15px; stroke-width: 2.2; }
.muted-mark { display: grid; color: #ff8f8f; flex: none; }
.bars { display: flex; align-items: flex-end; gap: 2px; height: 11px; flex: none; }
.bars i { width: 3px; border-radius: 1px; background: #fff5; }
.bars i:nth-child(1) { height: 5px; }
.bars i:nth-child(2) { height: 8px; }
.bars i:nth-child(3) { height: 11px; }
.bars[data-quality='good'] i { background: #59d3a5; }
.bars[data-quality='fair'] i:nth-child(-n + 2) { background: #f0bd5c; }
.bars[data-quality='poor'] i:nth-child(1) { background: #ff7b72; }
.tile[data-role='preview'] .label, .tile[data-role='strip'] .label { bottom: 5px; inset-inline-start: 5px; padding: 2px 8px; font-size: 12px; }

.pin {
  position: absolute; bottom: 8px; inset-inline-end: 8px; width: 36px; height: 36px; border-radius: 50%;
  background: #0b1112b8; color: #fff; opacity: 0; transition: opacity .15s;
}
.pin svg { width: 18px; height: 18px; }
.tile:hover .pin, .pin:focus-visible { opacity: 1; }
.tile[data-role='stage'] .pin { top: 8px; bottom: auto; inset-inline-end: 96px; }
.tile[data-role='preview'] .pin { width: 28px; height: 28px; bottom: 4px; inset-inline-end: 4px; }

.bar { position: relative; flex: none; }
.top {
  position: absolute; z-index: 3; inset-inline-start: 16px; top: 0; bottom: max(0px, env(safe-area-inset-bottom) - 12px);
  display: flex; align-items: center; gap: 8px;
  color: var(--belfry-quiet); font-size: 14px; font-weight: 500; font-variant-numeric: tabular-nums;
}
.timer, .pager { display: flex; align-items: center; height: 36px; padding: 0 8px; border-radius: 999px; }
.pager { padding: 0; background: var(--belfry-surface); color: var(--belfry-text); box-shadow: inset 0 0 0 1px var(--belfry-line); }
.pager button { width: 36px; height: 36px; border-radius: 50%; }
.pager button:hover { background: var(--belfry-raised); }
.pager svg { width: 16px; height: 16px; }
:host(:dir(rtl)) .pager svg { transform: scaleX(-1); }
.corner { position: absolute; z-index: 3; top: 16px; inset-inline-end: calc(16px + var(--strip, 0px)); display: flex; gap: 8px; }
.corner button { width: 36px; height: 36px; border-radius: 50%; background: #0b1112b8; color: #fff; }
.corner button:hover { background: #0b1112; }
.corner button.is-on { background: var(--belfry-accent); color: var(--belfry-on-accent); }
.corner svg { width: 18px; height: 18px; }

.status {
  position: absolute; z-index: 3; left: 50%; bottom: 56px; transform: translateX(-50%);
  display: flex; align-items: center; gap: 12px; width: max-content; max-width: calc(100% - 48px);
  padding: 10px 20px; border-radius: 22px; background: var(--belfry-surface); box-shadow: var(--belfry-shadow);
  font-weight: 500; text-align: center; text-wrap: balance;
}
.is-ended .status { top: 50%; bottom: auto; transform: translate(-50%, -50%); padding: 18px 26px; font-size: 16px; }
.spinner {
  width: 18px; height: 18px; flex: none; border-radius: 50%;
  border: 2.5px solid var(--belfry-line); border-top-color: var(--belfry-accent);
  animation: turn .9s linear infinite;
}
@keyframes turn { to { transform: rotate(1turn); } }

.notices {
  position: absolute; z-index: 4; top: 16px; left: 50%; transform: translateX(-50%);
  display: flex; flex-direction: column; align-items: center; gap: 8px;
  width: min(720px, calc(100% - 260px)); pointer-events: none;
}
.notice {
  display: flex; align-items: center; gap: 12px; max-width: 100%; pointer-events: auto;
  padding: 8px 16px; border-radius: 18px;
  background: var(--belfry-surface); box-shadow: var(--belfry-shadow); font-size: 14px; text-wrap: pretty;
  border: 1px solid var(--belfry-line);
}
.notice button { flex: none; min-height: 34px; padding: 0 14px; border-radius: 999px; background: var(--belfry-accent); color: var(--belfry-on-accent); font-weight: 600; }
.notice.is-quiet button { background: var(--belfry-raised); color: inherit; }
.notice.is-problem, .notice.is-warning { border-color: var(--belfry-warning); }
.notice.is-problem button { width: 34px; padding: 0; background: none; color: inherit; }
.notice.is-problem button:hover { background: var(--belfry-raised); }
.notice.is-problem svg { width: 18px; height: 18px; }

.controls {
  position: relative; flex: none; display: flex; justify-content: center; align-items: center; gap: 12px;
  padding: 12px 8px max(12px, env(safe-area-inset-bottom));
}
.controls > button, .menu > button {
  width: 52px; height: 52px; border-radius: 50%; background: var(--belfry-surface); color: var(--belfry-text);
  box-shadow: inset 0 0 0 1px var(--belfry-line); transition: background .15s, color .15s, transform .1s;
}
.controls > button:hover, .menu > button:hover, .menu > button[aria-expanded='true'] { background: var(--belfry-raised); }
.controls > button:active, .menu > button:active { transform: scale(.94); }
.controls > button.is-off { background: var(--belfry-text); color: var(--belfry-page); }
.controls > button.is-on { background: var(--belfry-accent); color: var(--belfry-on-accent); }
.controls > .hang-up { width: 72px; border-radius: 26px; background: var(--belfry-danger); color: #fff; box-shadow: none; }
.controls > .hang-up:hover { background: color-mix(in srgb, var(--belfry-danger) 86%, #000); }
.controls > .hang-up svg { width: 28px; height: 28px; fill: currentColor; }

@container call (max-width: 720px) or ((max-height: 440px) and (orientation: landscape)) {
  .top {
    position: fixed; top: calc(16px + env(safe-area-inset-top)); bottom: auto; color: #fff; font-size: 13px;
    inset-inline-start: calc(16px + env(safe-area-inset-left));
  }
  .timer, .pager { padding: 0 12px; background: #0b1112b8; color: #fff; box-shadow: none; }
  .pager { padding: 0; }
  .pager button:hover { background: #fff2; }
  .is-crowded .stage { top: 60px; }
  .tile[data-role='stage'] .pin { top: 52px; inset-inline-end: 10px; }
}
@container call (max-width: 720px) {
  .has-people .pictures, .has-people .notices { inset-inline-end: 0; }
  .has-people .corner { display: none; }
  .has-people .top { display: none; }
  .notices { top: 60px; width: calc(100% - 28px); }
}
@container call (max-width: 480px) {
  .stage { inset: 6px 6px 0; }
  .controls { gap: 6px; }
  .controls > button, .menu > button { flex: none; width: 42px; height: 42px; }
  .controls > .hang-up { width: 54px; }
  .tile { --belfry-radius: 12px; }
}
@container call (max-height: 440px) and (orientation: landscape) {
  .call { flex-direction: row; }
  .stage { inset: 6px 0 6px 6px; }
  .bar { order: 1; }
  .controls { flex-direction: column; gap: 6px; height: 100%; padding: 6px 10px; }
  .controls > button, .menu > button { flex: none; width: 42px; height: 42px; }
  .controls > .hang-up { width: 42px; border-radius: 50%; }
  .controls > .hang-up svg { width: 24px; height: 24px; }
}
.is-small .stage { inset: 4px 4px 0; }
.is-small .pin { display: none; }
.is-small .controls { gap: 10px; padding: 8px; }
.is-small .controls > button { width: 40px; height: 40px; }
.is-small .controls > .hang-up { width: 40px; border-radius: 50%; }
.is-small .controls > .hang-up svg { width: 22px; height: 22px; }
.is-small .status { bottom: 12px; padding: 8px 14px; font-size: 13px; }
@media (hover: none) { .pin { opacity: .9; } .tile[data-role='preview'] .pin { display: none; } }
@media (prefers-reduced-motion: reduce) {
  .tile, .pin, .controls button { transition: none; }
  .tile.is-speaking { --level: .4 !important; }
  .spinner { animation-duration: 2.5s; }
}
@media (forced-colors: active) {
  .controls > button, .menu > button, .pin, .corner button, .toggles button { border: 1px solid ButtonText; }
  .tile.is-speaking { outline: 3px solid Highlight; outline-offset: -3px; }
  .meter i { background: Highlight; }
}
${PANEL_STYLES}`;
