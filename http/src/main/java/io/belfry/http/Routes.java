package io.belfry.http;

import io.belfry.http.socket.JsonSocketEndpoint;
import io.belfry.http.socket.SocketOptions;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Which handler answers which method and path. Several parts of a node contribute to one, before
/// the server starts; after that it only answers questions, from any thread.
///
/// A path template has literal segments and `{name}` segments, each of which matches one non-empty
/// segment. A literal goes before a `{name}` in the same place.
public final class Routes {
  private final List<Route> routes = new ArrayList<>();
  private final Set<String> known = new HashSet<>();
  private HttpHandler fallback = request -> HttpResponse.error(notFound(request.path()));

  /// What is at a path.
  public sealed interface Match {

    /// A handler.
    ///
    /// @param template the route as it was registered, for metrics and logs
    record Handler(String template, HttpHandler handler, Map<String, String> parameters)
        implements Match {}

    /// A JSON socket, reached by a WebSocket upgrade.
    record Socket(
        String template,
        JsonSocketEndpoint endpoint,
        SocketOptions options,
        Map<String, String> parameters)
        implements Match {}

    /// The path is known, the method is not.
    ///
    /// @param allowed as the header `allow` has it (RFC 9110 §10.2.1)
    record WrongMethod(String allowed) implements Match {}

    /// No route: the files, if any are served, have the last word.
    record Nothing(HttpHandler fallback) implements Match {}
  }

  private sealed interface Target {
    record Handle(HttpHandler handler) implements Target {}

    record Socket(JsonSocketEndpoint endpoint, SocketOptions options) implements Target {}
  }

  private record Route(String method, String template, List<String> segments, Target target) {}

  /// @param template begins with `/`
  /// @throws IllegalArgumentException if this method and template are taken
  public Routes add(String method, String template, HttpHandler handler) {
    return add(method, template, new Target.Handle(handler));
  }

  public Routes get(String template, HttpHandler handler) {
    return add("GET", template, handler);
  }

  public Routes post(String template, HttpHandler handler) {
    return add("POST", template, handler);
  }

  public Routes put(String template, HttpHandler handler) {
    return add("PUT", template, handler);
  }

  public Routes delete(String template, HttpHandler handler) {
    return add("DELETE", template, handler);
  }

  /// A JSON socket at this path.
  public Routes socket(String template, SocketOptions options, JsonSocketEndpoint endpoint) {
    return add("GET", template, new Target.Socket(endpoint, options));
  }

  /// Who answers GET requests to paths that have no route: the files of the page.
  public Routes fallback(HttpHandler handler) {
    fallback = handler;
    return this;
  }

  private Routes add(String method, String template, Target target) {
    if (!template.startsWith("/")) {
      throw new IllegalArgumentException("a path begins with /: " + template);
    }
    if (!known.add(method + " " + template.replaceAll("\\{[^}]*}", "{}"))) {
      throw new IllegalArgumentException("taken: " + method + " " + template);
    }
    routes.add(new Route(method, template, segmentsOf(template), target));
    return this;
  }

  /// Every route as `METHOD /template`, in order of registration; sockets as GET.
  public List<String> list() {
    return routes.stream().map(route -> route.method + " " + route.template).toList();
  }

  /// What answers this request. HEAD is answered by GET's handler (RFC 9110 §9.3.2).
  ///
  /// @param path as it came, still percent-encoded: an encoded slash separates nothing
  /// @throws ApiException if the path is not encoded rightly
  public Match match(String method, String path) {
    String asked = method.equals("HEAD") ? "GET" : method;
    List<String> segments = segmentsOf(path).stream().map(Routes::decode).toList();
    Route best = null;
    Set<String> allowed = new TreeSet<>();
    for (Route route : routes) {
      if (!matches(route.segments, segments)) {
        continue;
      }
      allowed.add(route.method);
      if (route.method.equals(asked) && (best == null || isMoreLiteral(route, best))) {
        best = route;
      }
    }
    if (best != null) {
      Map<String, String> parameters = parametersOf(best.segments, segments);
      return switch (best.target) {
        case Target.Handle(var handler) -> new Match.Handler(best.template, handler, parameters);
        case Target.Socket(var endpoint, var options) ->
            new Match.Socket(best.template, endpoint, options, parameters);
      };
    }
    if (!allowed.isEmpty()) {
      return new Match.WrongMethod(String.join(", ", allowed));
    }
    return new Match.Nothing(
        asked.equals("GET") ? fallback : request -> HttpResponse.error(notFound(path)));
  }

  /// The refusal for a path that leads nowhere.
  public static ApiException notFound(String path) {
    String shown = path.length() <= 80 ? path : path.substring(0, 80) + "…";
    return new ApiException(404, "ERR_NOT_FOUND", "There is nothing at " + shown + ".");
  }

  /// Undoes percent-encoding (RFC 3986 §2.1).
  ///
  /// @throws ApiException if it is broken
  public static String decode(String encoded) {
    try {
      return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw ApiException.badRequest("The path is not encoded rightly.");
    }
  }

  private static boolean matches(List<String> template, List<String> segments) {
    if (template.size() != segments.size()) {
      return false;
    }
    for (int i = 0; i < template.size(); i++) {
      boolean fits =
          isParameter(template.get(i))
              ? !segments.get(i).isEmpty()
              : template.get(i).equals(segments.get(i));
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  private static boolean isMoreLiteral(Route candidate, Route than) {
    for (int i = 0; i < candidate.segments.size(); i++) {
      boolean free = isParameter(candidate.segments.get(i));
      if (free != isParameter(than.segments.get(i))) {
        return !free;
      }
    }
    return false;
  }

  private static Map<String, String> parametersOf(List<String> template, List<String> segments) {
    Map<String, String> parameters = new HashMap<>();
    for (int i = 0; i < template.size(); i++) {
      String name = template.get(i);
      if (isParameter(name)) {
        parameters.put(name.substring(1, name.length() - 1), segments.get(i));
      }
    }
    return parameters;
  }

  private static boolean isParameter(String segment) {
    return segment.startsWith("{") && segment.endsWith("}");
  }

  private static List<String> segmentsOf(String path) {
    return List.of(path.substring(1).split("/", -1));
  }
}
