-- Times are Unix milliseconds, so that H2 and PostgreSQL agree on them.

CREATE TABLE users (
  uid               VARCHAR(100)  PRIMARY KEY,
  name              VARCHAR(200)  NOT NULL,
  avatar            VARCHAR(2048),
  role              VARCHAR(100)  NOT NULL,
  created_at_ms     BIGINT        NOT NULL,
  last_active_at_ms BIGINT
);

CREATE TABLE user_groups (
  guid          VARCHAR(100)  PRIMARY KEY,
  name          VARCHAR(200)  NOT NULL,
  type          VARCHAR(20)   NOT NULL,
  icon          VARCHAR(2048),
  owner         VARCHAR(100),
  created_at_ms BIGINT        NOT NULL
);

CREATE TABLE group_members (
  guid         VARCHAR(100) NOT NULL REFERENCES user_groups (guid) ON DELETE CASCADE,
  uid          VARCHAR(100) NOT NULL REFERENCES users (uid) ON DELETE CASCADE,
  joined_at_ms BIGINT       NOT NULL,
  PRIMARY KEY (guid, uid)
);
CREATE INDEX group_members_by_user ON group_members (uid);

-- Tokens and keys are kept as SHA-256 only: who reads the table cannot log in with it.
CREATE TABLE auth_tokens (
  token_hash    CHAR(64)     PRIMARY KEY,
  uid           VARCHAR(100) NOT NULL REFERENCES users (uid) ON DELETE CASCADE,
  created_at_ms BIGINT       NOT NULL,
  expires_at_ms BIGINT       NOT NULL
);
CREATE INDEX auth_tokens_by_user ON auth_tokens (uid);
CREATE INDEX auth_tokens_by_expiry ON auth_tokens (expires_at_ms);

CREATE TABLE api_keys (
  key_hash      CHAR(64)     PRIMARY KEY,
  name          VARCHAR(100) NOT NULL UNIQUE,
  scope         VARCHAR(20)  NOT NULL,
  created_at_ms BIGINT       NOT NULL
);

-- What the node itself must remember, such as the key that signs call tokens.
CREATE TABLE settings (
  name  VARCHAR(100) PRIMARY KEY,
  content VARCHAR(16384) NOT NULL
);

-- The present state of each call. It changes only from the version that was read.
CREATE TABLE calls (
  session_id      VARCHAR(128) PRIMARY KEY,
  version         BIGINT       NOT NULL,
  receiver_type   VARCHAR(10)  NOT NULL,
  type            VARCHAR(10)  NOT NULL,
  initiator       VARCHAR(100) NOT NULL,
  receiver_id     VARCHAR(100) NOT NULL,
  metadata        VARCHAR(65536),
  status          VARCHAR(20)  NOT NULL,
  initiated_at_ms BIGINT       NOT NULL,
  ring_until_ms   BIGINT       NOT NULL,
  answered_at_ms  BIGINT,
  ended_at_ms     BIGINT
);
CREATE INDEX calls_by_status ON calls (status);
CREATE INDEX calls_by_start ON calls (initiated_at_ms);

CREATE TABLE call_legs (
  session_id   VARCHAR(128) NOT NULL REFERENCES calls (session_id) ON DELETE CASCADE,
  uid          VARCHAR(100) NOT NULL,
  position     INT          NOT NULL,
  state        VARCHAR(20)  NOT NULL,
  joined_at_ms BIGINT,
  left_at_ms   BIGINT,
  PRIMARY KEY (session_id, uid)
);
CREATE INDEX call_legs_by_user ON call_legs (uid, state);

-- Who is busy with which call. The key is what makes two calls at once impossible, whoever races.
CREATE TABLE engagements (
  kind       VARCHAR(10)  NOT NULL,
  subject    VARCHAR(100) NOT NULL,
  session_id VARCHAR(128) NOT NULL REFERENCES calls (session_id) ON DELETE CASCADE,
  PRIMARY KEY (kind, subject)
);
CREATE INDEX engagements_by_call ON engagements (session_id);

-- Every action on a call, in the transaction that changed it: history, and the outbox of what is
-- told to the world outside. "id" is the message id of the calling API, "seq" counts in the call.
CREATE SEQUENCE call_action_ids START WITH 1;
CREATE TABLE call_events (
  id           BIGINT       PRIMARY KEY,
  session_id   VARCHAR(128) NOT NULL REFERENCES calls (session_id) ON DELETE CASCADE,
  seq          BIGINT       NOT NULL,
  actor        VARCHAR(100) NOT NULL,
  status       VARCHAR(20)  NOT NULL,
  at_ms        BIGINT       NOT NULL,
  joined_at_ms BIGINT,
  UNIQUE (session_id, seq)
);
