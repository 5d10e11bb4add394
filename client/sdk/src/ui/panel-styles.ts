/** The style sheet of what opens beside or over the pictures: participants, settings, the room before the call. */
export const PANEL_STYLES = `
.people {
  position: absolute; z-index: 5; top: 8px; bottom: 0; inset-inline-end: 8px; width: 312px;
  display: flex; flex-direction: column; border-radius: 18px; overflow: hidden;
  background: var(--belfry-surface); box-shadow: inset 0 0 0 1px var(--belfry-line);
}
.people header { display: flex; align-items: center; justify-content: space-between; padding: 10px 10px 6px 18px; }
.people h2 { margin: 0; font-size: 16px; font-weight: 650; }
.people ul { flex: 1; margin: 0; padding: 0 8px 12px; overflow: auto; list-style: none; }
.people li { display: flex; align-items: center; gap: 10px; padding: 6px 8px; border-radius: 12px; min-height: 52px; }
.people li:hover { background: var(--belfry-raised); }
.people .avatar { width: 36px; font-size: 13px; }
.people .words { flex: 1; min-width: 0; display: flex; flex-direction: column; }
.people .who { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-weight: 550; }
.people .note { font-size: 12.5px; color: var(--belfry-quiet); }
.people button { width: 36px; height: 36px; flex: none; border-radius: 50%; }
.people button:hover { background: var(--belfry-line); }
.people button svg { width: 18px; height: 18px; }

.people .search {
  flex: none; width: auto; height: 40px; margin: 2px 14px 8px; padding: 0 14px; border-radius: 999px; font: inherit; color: inherit;
  border: 1px solid var(--belfry-line); background: var(--belfry-raised);
}
.people > .note { margin: 4px 22px; }
.host { flex: none; display: flex; flex-wrap: wrap; align-items: center; gap: 8px; padding: 12px 14px 14px; border-top: 1px solid var(--belfry-line); }
.host span { flex: 1 0 100%; font-weight: 600; }
.host button { flex: 1; width: auto; height: 40px; border-radius: 999px; padding: 0 6px; font-size: 13px; white-space: nowrap; }
.main, .second { min-height: 44px; padding: 0 18px; border-radius: 999px; font-weight: 600; font-size: 14px; }
.main { background: var(--belfry-accent); color: var(--belfry-on-accent); }
.second { background: var(--belfry-raised); color: inherit; }
.people .host .danger { color: var(--belfry-danger-text); }
.people .host .danger.main { background: var(--belfry-danger); color: #fff; }
.main:hover, .second:hover { filter: brightness(1.08); }
.host button:disabled { opacity: .5; cursor: default; }

.menu { position: relative; }
.panel {
  position: absolute; z-index: 6; bottom: calc(100% + 14px); left: 50%; transform: translateX(-50%);
  width: min(320px, calc(100cqw - 32px)); max-height: calc(100cqh - 110px); overflow: auto; padding: 16px; border-radius: 18px;
  display: flex; flex-direction: column; gap: 14px;
  background: var(--belfry-surface); box-shadow: var(--belfry-shadow), inset 0 0 0 1px var(--belfry-line);
}
fieldset { border: 0; margin: 0; padding: 0; }
legend, .device { font-size: 13px; color: var(--belfry-quiet); padding: 0; }
fieldset label { display: flex; align-items: center; gap: 10px; padding: 7px 0; font-size: 15px; cursor: pointer; }
input { accent-color: var(--belfry-accent); width: 18px; height: 18px; margin: 0; }
.device { display: flex; flex-direction: column; gap: 4px; }
.device select {
  width: 100%; min-height: 40px; padding: 0 10px; border-radius: 10px; font-size: 14px; text-overflow: ellipsis;
  border: 1px solid var(--belfry-line); background: var(--belfry-raised); color: var(--belfry-text);
}


.devices { display: flex; flex-direction: column; gap: 12px; }
.level { display: flex; align-items: center; min-height: 20px; margin-top: -4px; }
.meter { flex: 1; height: 8px; border-radius: 4px; overflow: hidden; background: var(--belfry-raised); box-shadow: inset 0 0 0 1px var(--belfry-line); }
.meter i { display: block; height: 100%; inline-size: calc(100% * var(--level, 0)); border-radius: inherit; background: var(--belfry-accent); }
.note { font-size: 13px; color: var(--belfry-quiet); }
.mirror { position: relative; overflow: hidden; aspect-ratio: 16 / 9; flex: none; border-radius: 12px; background: #1b282a; }
.mirror video { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: cover; }
.mirror video.is-mirrored { transform: scaleX(-1); }
.mirror .empty {
  position: absolute; inset: 0; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 8px;
  padding: 16px; color: #d5e0de; font-size: 13px; text-align: center; text-wrap: balance;
}

.green-room {
  position: absolute; inset: 0; overflow: auto; padding: 24px max(24px, 5cqw);
  display: grid; grid-template-columns: minmax(0, 1fr) 340px; align-items: center; align-content: safe center; justify-content: center; gap: 40px;
}
.look { position: relative; justify-self: end; width: min(100%, calc((100cqh - 48px) * 16 / 9), 860px); }
.look .mirror { border-radius: 20px; box-shadow: var(--belfry-shadow); }
.look .empty { font-size: 16px; padding-bottom: 76px; }
.look .empty svg { width: 40px; height: 40px; }
.toggles { position: absolute; inset-inline: 0; bottom: 16px; display: flex; justify-content: center; gap: 14px; }
.toggles button { width: 52px; height: 52px; border-radius: 50%; background: #0b1112b8; box-shadow: inset 0 0 0 1px #fff3; color: #fff; transition: background .15s, color .15s; }
.toggles button:hover { background: #0b1112; }
.toggles button.is-off { background: #fff; color: #0b1112; }
.ready { display: flex; flex-direction: column; gap: 18px; max-width: 340px; }
.ready h2 { margin: 0; font-size: 26px; font-weight: 650; letter-spacing: -.01em; }
.ready .messages:empty { display: none; }
.ready .notices { position: static; transform: none; width: auto; align-items: stretch; }
.ready .notice { box-shadow: none; background: var(--belfry-raised); }
.ready .messages:not(:has(.notice:not([hidden]))) { display: none; }
.go { display: flex; gap: 10px; margin-top: 6px; }
.go .main { flex: 1; min-height: 52px; font-size: 16px; }
.go .second { min-height: 52px; }

@container call (max-width: 720px) {
  .people { inset-inline: 8px; width: auto; }
  .has-people .pictures { visibility: hidden; }
  .menu { position: static; }
  .panel { bottom: calc(100% + 6px); }
}
@container call (max-width: 820px) {
  .green-room { grid-template-columns: minmax(0, 460px); gap: 20px; padding: 16px; align-content: safe center; }
  .look { justify-self: stretch; width: 100%; }
  .look .mirror { aspect-ratio: 4 / 3; max-height: 44cqh; width: 100%; }
  .look .mirror:has(.empty:not([hidden])) { max-height: 30cqh; }
  .go { position: sticky; bottom: -16px; padding-block: 10px 16px; margin: 0 0 -16px; background: var(--belfry-page); }
  .ready { max-width: none; gap: 14px; }
  .ready h2 { font-size: 21px; }
}
@container call (max-height: 440px) and (orientation: landscape) {
  .green-room { grid-template-columns: minmax(0, 1fr) minmax(240px, 340px); gap: 16px; padding: 12px; }
  .look { width: 100%; }
  .look .mirror { aspect-ratio: 16 / 10; max-height: none; }
  .look .mirror:has(.empty:not([hidden])) { max-height: none; }
  .go { position: static; padding: 0; margin: 4px 0 0; }
  .ready { gap: 8px; }
  .ready h2 { font-size: 17px; }
  .devices { gap: 6px; }
  .go .main, .go .second { min-height: 42px; }
  .menu { position: static; }
  .panel .mirror { aspect-ratio: 21 / 9; }
  .panel { bottom: 12px; left: auto; inset-inline-end: calc(100% + 12px); transform: none; max-height: calc(100cqh - 24px); }
}
`;
