const PATHS = {
  phone:
    'M6.6 4h2.3a1 1 0 0 1 1 .8l.6 3a1 1 0 0 1-.3 1L8.7 10.2a12 12 0 0 0 5.1 5.1l1.4-1.5a1 1 0 0 1 1-.3l3 .6a1 1 0 0 1 .8 1v2.3a2 2 0 0 1-2.2 2A15.5 15.5 0 0 1 4.6 6.2 2 2 0 0 1 6.6 4Z',
  video:
    'M4.5 6.5h9A1.5 1.5 0 0 1 15 8v8a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 3 16V8a1.5 1.5 0 0 1 1.5-1.5ZM15 11l5-3.2a.6.6 0 0 1 1 .5v7.4a.6.6 0 0 1-1 .5L15 13',
  hangUp:
    'M12 9.2c3.4 0 6.3.8 8.4 2.4.8.6 1 1.7.5 2.6l-.8 1.4a1.5 1.5 0 0 1-1.9.6l-2.6-1.1a1.5 1.5 0 0 1-.9-1.4v-1.6a11 11 0 0 0-5.4 0v1.6c0 .6-.4 1.2-.9 1.4l-2.6 1.1a1.5 1.5 0 0 1-1.9-.6l-.8-1.4c-.5-.9-.3-2 .5-2.6C5.7 10 8.6 9.2 12 9.2Z',
  search: 'M10.5 4.5a6 6 0 1 0 0 12 6 6 0 0 0 0-12ZM15 15l5 5',
  back: 'M15 5l-7 7 7 7',
  logOut: 'M14 4.5H7A1.5 1.5 0 0 0 5.5 6v12A1.5 1.5 0 0 0 7 19.5h7M10.5 12H20M16.5 8.5 20 12l-3.5 3.5',
  bell: 'M12 4a5.5 5.5 0 0 0-5.5 5.5c0 4.5-2 6-2 6h15s-2-1.5-2-6A5.5 5.5 0 0 0 12 4ZM10 18.5a2 2 0 0 0 4 0',
  close: 'M6 6l12 12M18 6L6 18',
  link: 'M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1',
  check:
    'M9 4.5h6v3H9ZM15 6h2.5A1.5 1.5 0 0 1 19 7.5v11a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 5 18.5v-11A1.5 1.5 0 0 1 6.5 6H9M9 13.5l2.2 2.2 4-4.5',
  clock: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16ZM12 8v4l2.5 2',
} as const;

/** A drawing; decoration only, so whatever it is on needs a label. */
export function Icon({ name }: { readonly name: keyof typeof PATHS }) {
  return (
    <svg className={`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** Belfry's bell. */
export function Bell({ size }: { readonly size: number }) {
  return <img className="bell" src="./favicon.svg" width={size} height={size} alt="" />;
}
