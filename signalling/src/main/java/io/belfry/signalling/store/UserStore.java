package io.belfry.signalling.store;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Users and groups.
public interface UserStore {

  Optional<User> findUser(String uid);

  /// Those of these uids that exist.
  Map<String, User> findUsers(Collection<String> uids);

  /// Users ordered by uid.
  ///
  /// @param after only uids after this one; empty for all
  /// @param search only those whose uid or name holds this text, whatever its case; empty for all
  /// @param without a uid to leave out; empty for none
  /// @param role only those with this role; empty for all
  List<User> listUsers(String after, String search, String without, String role, int limit);

  /// The same with any role.
  default List<User> listUsers(String after, String search, String without, int limit) {
    return listUsers(after, search, without, "", limit);
  }

  /// Changes name, avatar and role.
  ///
  /// @return whether there is such a user
  boolean updateUser(User user);

  /// Removes a user with its tokens and memberships; calls keep the uid.
  ///
  /// @return whether there was one
  boolean deleteUser(String uid);

  /// @return whether it is new; an existing user stays as it is
  boolean createUser(User user, Instant now);

  void setLastActive(String uid, Instant at);

  Optional<Group> findGroup(String guid);

  List<Group> groupsOf(String uid);

  /// @return whether it is new; an existing group stays as it is
  boolean createGroup(
      String guid,
      String name,
      String type,
      @Nullable String icon,
      @Nullable String owner,
      Instant now);

  /// Groups ordered by guid; see {@link #listUsers}.
  List<Group> listGroups(String after, String search, int limit);

  /// Changes name, type, icon and owner.
  ///
  /// @return whether there is such a group
  boolean updateGroup(Group group);

  /// @return whether there was one
  boolean deleteGroup(String guid);

  /// The members as users, ordered by uid; see {@link #listUsers}.
  List<User> listMembers(String guid, String after, int limit);

  /// @return whether the user was one
  boolean removeMember(String guid, String uid);

  /// Members are added once, however often they are named.
  void addMembers(String guid, Collection<String> uids, Instant now);

  /// Uids in order.
  List<String> membersOf(String guid);

  boolean isMember(String guid, String uid);

  /// Everybody who shares a group with this user, the user left out.
  Set<String> friendsOf(String uid);
}
