export type { EngineView } from '@belfry/sdk';
