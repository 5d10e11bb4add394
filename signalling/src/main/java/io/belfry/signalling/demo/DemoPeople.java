package io.belfry.signalling.demo;

import io.belfry.signalling.auth.Authenticator;
import io.belfry.signalling.auth.Secrets;
import io.belfry.signalling.store.CredentialStore;
import io.belfry.signalling.store.User;
import io.belfry.signalling.store.UserStore;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Users, one group and a login key to try the system with. The key is offered to anyone who asks,
/// which is why none of this may be there outside of development mode.
public final class DemoPeople {
  private static final String KEY_NAME = "development";
  private static final String KEY_SETTING = "developmentAuthKey";
  private static final String GROUP = "team";

  private static final Map<String, String> PEOPLE = new LinkedHashMap<>();

  static {
    PEOPLE.put("anna", "Anna Lindqvist");
    PEOPLE.put("ben", "Ben Okafor");
    PEOPLE.put("chiara", "Chiara Moretti");
    PEOPLE.put("david", "David Cohen");
    PEOPLE.put("emi", "Emi Tanaka");
    PEOPLE.put("farid", "Farid Rahimi");
    PEOPLE.put("grace", "Grace Mwangi");
    PEOPLE.put("henry", "Henry Marino");
  }

  /// Users under the ids that examples of the calling API use.
  private static final Map<String, String> ALIASES =
      Map.of(
          "cometchat-uid-1", "Andrew Joseph",
          "cometchat-uid-2", "George Alan",
          "cometchat-uid-3", "Nancy Grace",
          "cometchat-uid-4", "Susan Marie",
          "cometchat-uid-5", "John Paul");

  private final UserStore users;
  private final String authKey;

  private DemoPeople(UserStore users, String authKey) {
    this.users = users;
    this.authKey = authKey;
  }

  /// Makes what is missing. The key stays the same from run to run.
  public static DemoPeople create(
      UserStore users, CredentialStore credentials, Secrets secrets, Instant now) {
    PEOPLE.forEach((uid, name) -> createUser(users, uid, name, now));
    ALIASES.forEach((uid, name) -> createUser(users, uid, name, now));
    users.createGroup(GROUP, "The team", "public", null, "anna", now);
    users.addMembers(GROUP, List.of("anna", "ben", "chiara", "david", "emi"), now);
    String authKey =
        credentials
            .findSetting(KEY_SETTING)
            .orElseGet(() -> credentials.putSettingIfAbsent(KEY_SETTING, secrets.next()));
    credentials.putApiKey(KEY_NAME, Secrets.hash(authKey), Authenticator.AUTH, now);
    return new DemoPeople(users, authKey);
  }

  private static void createUser(UserStore users, String uid, String name, Instant now) {
    users.createUser(new User(uid, name, null, User.DEFAULT_ROLE, null), now);
  }

  /// Takes the key away from a store that development mode once used: it was no secret.
  public static void removeKey(CredentialStore credentials) {
    credentials.removeApiKey(KEY_NAME);
    credentials.removeSetting(KEY_SETTING);
  }

  public String authKey() {
    return authKey;
  }

  /// In the order in which they are offered.
  public List<User> users() {
    Map<String, User> found = users.findUsers(PEOPLE.keySet());
    return PEOPLE.keySet().stream().filter(found::containsKey).map(found::get).toList();
  }
}
