package io.belfry.signalling.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

final class SqlUserStore implements UserStore {
  private static final String USER_COLUMNS = "uid, name, avatar, role, last_active_at_ms";
  private static final String GROUP_COLUMNS =
      "g.guid, g.name, g.type, g.icon, g.owner,"
          + " (SELECT count(*) FROM group_members c WHERE c.guid = g.guid) AS members_count";

  private final Jdbi jdbi;

  SqlUserStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  @Override
  public Optional<User> findUser(String uid) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("SELECT " + USER_COLUMNS + " FROM users WHERE uid = :uid")
            .bind("uid", uid)
            .map((row, context) -> user(row))
            .findOne());
  }

  @Override
  public Map<String, User> findUsers(Collection<String> uids) {
    Map<String, User> found = new HashMap<>();
    if (uids.isEmpty()) {
      return found;
    }
    jdbi.useHandle(handle ->
        handle
            .createQuery("SELECT " + USER_COLUMNS + " FROM users WHERE uid IN (<uids>)")
            .bindList("uids", List.copyOf(uids))
            .map((row, context) -> user(row))
            .forEach(user -> found.put(user.uid(), user)));
    return found;
  }

  @Override
  public List<User> listUsers(String after, String search, String without, String role, int limit) {
    String pattern = pattern(search);
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                "SELECT "
                    + USER_COLUMNS
                    + " FROM users WHERE uid > :after AND uid <> :without"
                    + " AND (lower(uid) LIKE :pattern OR lower(name) LIKE :pattern)"
                    + (role.isEmpty() ? "" : " AND role = :role")
                    + " ORDER BY uid LIMIT :limit")
            .bindMap(role.isEmpty() ? Map.of() : Map.of("role", role))
            .bind("after", after)
            .bind("without", without)
            .bind("pattern", pattern)
            .bind("limit", limit)
            .map((row, context) -> user(row))
            .list());
  }

  private static String pattern(String search) {
    return "%" + search.toLowerCase(Locale.ROOT).replaceAll("([\\\\%_])", "\\\\$1") + "%";
  }

  @Override
  public boolean updateUser(User user) {
    return jdbi.withHandle(handle ->
        handle
            .createUpdate(
                "UPDATE users SET name = :name, avatar = :avatar, role = :role"
                    + " WHERE uid = :uid")
            .bind("uid", user.uid())
            .bind("name", user.name())
            .bind("avatar", user.avatar())
            .bind("role", user.role())
            .execute())
        == 1;
  }

  @Override
  public boolean deleteUser(String uid) {
    return execute("DELETE FROM users WHERE uid = :uid", Map.of("uid", uid)) == 1;
  }

  private int execute(String sql, Map<String, ?> values) {
    return jdbi.withHandle(handle -> handle.createUpdate(sql).bindMap(values).execute());
  }

  @Override
  public List<Group> listGroups(String after, String search, int limit) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                "SELECT "
                    + GROUP_COLUMNS
                    + " FROM user_groups g WHERE g.guid > :after"
                    + " AND (lower(g.guid) LIKE :pattern OR lower(g.name) LIKE :pattern)"
                    + " ORDER BY g.guid LIMIT :limit")
            .bind("after", after)
            .bind("pattern", pattern(search))
            .bind("limit", limit)
            .map((row, context) -> group(row))
            .list());
  }

  @Override
  public boolean updateGroup(Group group) {
    return jdbi.withHandle(handle ->
        handle
            .createUpdate(
                "UPDATE user_groups SET name = :name, type = :type, icon = :icon,"
                    + " owner = :owner WHERE guid = :guid")
            .bind("guid", group.guid())
            .bind("name", group.name())
            .bind("type", group.type())
            .bind("icon", group.icon())
            .bind("owner", group.owner())
            .execute())
        == 1;
  }

  @Override
  public boolean deleteGroup(String guid) {
    return execute("DELETE FROM user_groups WHERE guid = :guid", Map.of("guid", guid)) == 1;
  }

  @Override
  public List<User> listMembers(String guid, String after, int limit) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                "SELECT u.uid, u.name, u.avatar, u.role, u.last_active_at_ms FROM users u"
                    + " JOIN group_members m ON m.uid = u.uid WHERE m.guid = :guid"
                    + " AND u.uid > :after ORDER BY u.uid LIMIT :limit")
            .bind("guid", guid)
            .bind("after", after)
            .bind("limit", limit)
            .map((row, context) -> user(row))
            .list());
  }

  @Override
  public boolean removeMember(String guid, String uid) {
    return execute(
            "DELETE FROM group_members WHERE guid = :guid AND uid = :uid",
            Map.of("guid", guid, "uid", uid))
        == 1;
  }

  @Override
  public boolean createUser(User user, Instant now) {
    return jdbi.withHandle(handle ->
        handle
            .createUpdate(
                "INSERT INTO users (uid, name, avatar, role, created_at_ms)"
                    + " VALUES (:uid, :name, :avatar, :role, :now) ON CONFLICT DO NOTHING")
            .bind("uid", user.uid())
            .bind("name", user.name())
            .bind("avatar", user.avatar())
            .bind("role", user.role())
            .bind("now", now.toEpochMilli())
            .execute())
        == 1;
  }

  @Override
  public void setLastActive(String uid, Instant at) {
    jdbi.useHandle(handle ->
        handle
            .createUpdate("UPDATE users SET last_active_at_ms = :at WHERE uid = :uid")
            .bind("uid", uid)
            .bind("at", at.toEpochMilli())
            .execute());
  }

  @Override
  public Optional<Group> findGroup(String guid) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("SELECT " + GROUP_COLUMNS + " FROM user_groups g WHERE g.guid = :guid")
            .bind("guid", guid)
            .map((row, context) -> group(row))
            .findOne());
  }

  @Override
  public List<Group> groupsOf(String uid) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                "SELECT "
                    + GROUP_COLUMNS
                    + " FROM user_groups g JOIN group_members m ON m.guid = g.guid"
                    + " WHERE m.uid = :uid ORDER BY g.guid")
            .bind("uid", uid)
            .map((row, context) -> group(row))
            .list());
  }

  @Override
  public boolean createGroup(
      String guid,
      String name,
      String type,
      @Nullable String icon,
      @Nullable String owner,
      Instant now) {
    return jdbi.withHandle(handle ->
        handle
            .createUpdate(
                "INSERT INTO user_groups (guid, name, type, icon, owner, created_at_ms)"
                    + " VALUES (:guid, :name, :type, :icon, :owner, :now)"
                    + " ON CONFLICT DO NOTHING")
            .bind("guid", guid)
            .bind("name", name)
            .bind("type", type)
            .bind("icon", icon)
            .bind("owner", owner)
            .bind("now", now.toEpochMilli())
            .execute())
        == 1;
  }

  @Override
  public void addMembers(String guid, Collection<String> uids, Instant now) {
    if (uids.isEmpty()) {
      return;
    }
    jdbi.useTransaction(handle -> {
      PreparedBatch batch =
          handle.prepareBatch(
              "INSERT INTO group_members (guid, uid, joined_at_ms)"
                  + " VALUES (:guid, :uid, :now) ON CONFLICT DO NOTHING");
      for (String uid : uids) {
        batch.bind("guid", guid).bind("uid", uid).bind("now", now.toEpochMilli()).add();
      }
      batch.execute();
    });
  }

  @Override
  public List<String> membersOf(String guid) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("SELECT uid FROM group_members WHERE guid = :guid ORDER BY uid")
            .bind("guid", guid)
            .mapTo(String.class)
            .list());
  }

  @Override
  public boolean isMember(String guid, String uid) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("SELECT 1 FROM group_members WHERE guid = :guid AND uid = :uid")
            .bind("guid", guid)
            .bind("uid", uid)
            .mapTo(Integer.class)
            .findOne()
            .isPresent());
  }

  @Override
  public Set<String> friendsOf(String uid) {
    return jdbi.withHandle(handle ->
        new TreeSet<>(
            handle
                .createQuery(
                    "SELECT DISTINCT other.uid FROM group_members mine"
                        + " JOIN group_members other ON other.guid = mine.guid"
                        + " WHERE mine.uid = :uid AND other.uid <> :uid")
                .bind("uid", uid)
                .mapTo(String.class)
                .list()));
  }

  private static User user(ResultSet row) throws SQLException {
    return new User(
        row.getString("uid"),
        row.getString("name"),
        row.getString("avatar"),
        row.getString("role"),
        Sql.optionalInstant(row, "last_active_at_ms"));
  }

  private static Group group(ResultSet row) throws SQLException {
    return new Group(
        row.getString("guid"),
        row.getString("name"),
        row.getString("type"),
        row.getString("icon"),
        row.getString("owner"),
        row.getInt("members_count"));
  }
}
