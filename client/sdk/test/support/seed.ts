import type { CallJson } from '../../src/model/call.js';

/** The values of the documented samples of the compatible API, one per action. */
export const RONALD = {
  uid: 'cometchat-uid-6',
  name: 'Ronald Jerry',
  avatar: 'https://assets.cometchat.io/sampleapp/v2/users/cometchat-uid-6.webp',
  status: 'online',
  role: 'default',
};
export const HENRY = {
  uid: 'cometchat-uid-7',
  name: 'Henry Marino',
  avatar: 'https://assets.cometchat.io/sampleapp/v2/users/cometchat-uid-7.webp',
  status: 'online',
  role: 'default',
};

interface Sample {
  sessionId: string;
  id: string;
  status: string;
  action?: string;
  initiatedAt: number;
  joinedAt?: number;
  sentAt: number;
  by: typeof RONALD;
}

function sample({ sessionId, id, status, action, initiatedAt, joinedAt, sentAt, by }: Sample): CallJson {
  const other = by === RONALD ? HENRY : RONALD;
  return {
    sessionId: `v1.in.2748663902141719.${sessionId}`,
    id,
    conversationId: 'cometchat-uid-6_user_cometchat-uid-7',
    category: 'call',
    type: 'audio',
    receiverType: 'user',
    action: action ?? status,
    status,
    initiatedAt,
    ...(joinedAt === undefined ? {} : { joinedAt }),
    sentAt,
    updatedAt: sentAt,
    receiverId: other.uid,
    sender: by,
    receiver: other,
    callInitiator: RONALD,
    callReceiver: HENRY,
  };
}

const UNANSWERED_SESSION = '1772009087929026e8ed35bb3c1f9b4aea3d6fe52b63eaa060';
const ACCEPTED_SESSION = '1772009341a5f92ad7d21eba0bf840bb6950c7000eb9d5863b';

export const SEED = {
  initiated: sample({
    sessionId: UNANSWERED_SESSION,
    id: '25329',
    status: 'initiated',
    initiatedAt: 1772009087,
    joinedAt: 1772009087,
    sentAt: 1772009087,
    by: RONALD,
  }),
  unanswered: sample({
    sessionId: UNANSWERED_SESSION,
    id: '25330',
    status: 'unanswered',
    initiatedAt: 1772009087,
    sentAt: 1772009132,
    by: RONALD,
  }),
  ongoing: sample({
    sessionId: ACCEPTED_SESSION,
    id: '25332',
    status: 'ongoing',
    initiatedAt: 1772009341,
    joinedAt: 1772009347,
    sentAt: 1772009347,
    by: HENRY,
  }),
  ended: sample({
    sessionId: ACCEPTED_SESSION,
    id: '25333',
    status: 'ended',
    initiatedAt: 1772009341,
    sentAt: 1772009475,
    by: HENRY,
  }),
  cancelled: sample({
    sessionId: '1772009850a11d03ce320d8df8fde2ac7b43a0c30009b954f5',
    id: '25338',
    status: 'cancelled',
    initiatedAt: 1772009850,
    sentAt: 1772009856,
    by: RONALD,
  }),
  busy: sample({
    sessionId: '1772011351c36eb867b604d0a861952ea718d3d8eaf1c89ec0',
    id: '25359',
    status: 'busy',
    initiatedAt: 1772011351,
    sentAt: 1772011351,
    by: HENRY,
  }),
  rejected: sample({
    sessionId: '1772011647d5c89acf4865fd17a9e7195bae5cee3e15d0dc34',
    id: '25361',
    status: 'rejected',
    initiatedAt: 1772011647,
    sentAt: 1772011654,
    by: HENRY,
  }),
  endResult: sample({
    sessionId: '17720117078263785b8e96c36c6a586d6bb3a60e0a6c16d018',
    id: '25363',
    status: 'ended',
    action: 'ongoing',
    initiatedAt: 1772011707,
    joinedAt: 1772011711,
    sentAt: 1772011711,
    by: HENRY,
  }),
};

export const GROUP_CALL: CallJson = {
  ...SEED.initiated,
  conversationId: 'group_team',
  receiverType: 'group',
  receiverId: 'team',
  receiver: { guid: 'team', name: 'Team', type: 'public', owner: 'cometchat-uid-6', membersCount: 3 },
  callReceiver: { guid: 'team', name: 'Team', type: 'public', owner: 'cometchat-uid-6', membersCount: 3 },
  metadata: { reason: 'stand-up' },
};
