package io.belfry.http;

/// Answers requests of one route. Called on a virtual thread of its own for each request, so it may
/// block.
@FunctionalInterface
public interface HttpHandler {

  /// @throws ApiException to refuse; any other exception is our defect and becomes a 500
  HttpResponse handle(HttpRequest request) throws Exception;
}
