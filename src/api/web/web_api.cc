#include "api/web/web_api.h"

#include <array>

#include "base/bytes.h"
#include "base/check.h"
#include "codec/compress.h"

namespace tercet::api {

using net::Request;
using net::Responder;
using net::Response;

namespace {

constexpr std::string_view kNonceMark = "__TERCET_NONCE__";
constexpr std::string_view kNoPages =
    "<!doctype html><html lang=\"en\"><title>Tercet</title><h1>The pages are not part of this binary</h1>"
    "<p>Build them with <code>make web</code>, then build again. All APIs work without them.</p></html>";

// First segments that belong to Tercet's or an original's API (spec of each; Grafana probes several of them).
constexpr std::array<std::string_view, 24> kApiSegments = {
    "api",    "loki",   "tempo",   "prometheus", "jaeger", "alertmanager", "zipkin",  "otlp",
    "v1",     "v2",     "tercet",  "-",          "rules",  "config",       "metrics", "ready",
    "status", "influx", "targets", "federate",   "write",  "push",         "graph",   "api-docs"};

void secure(Response& response, std::string_view nonce) {
  response.headers.set("Content-Security-Policy", "default-src 'self'; script-src 'self'; style-src 'self' 'nonce-" +
                                                      std::string(nonce) +
                                                      "'; img-src 'self' data:; connect-src 'self'; object-src 'none'; "
                                                      "base-uri 'self'; form-action 'self'; frame-ancestors 'none'");
  response.headers.set("X-Content-Type-Options", "nosniff");
  response.headers.set("X-Frame-Options", "DENY");
  response.headers.set("Referrer-Policy", "no-referrer");
}

}  // namespace

bool WebApi::looks_like_api(std::string_view path) {
  path.remove_prefix(path.starts_with('/') ? 1 : 0);
  const std::string_view first = path.substr(0, path.find('/'));
  for (const std::string_view segment : kApiSegments) {
    if (first == segment) return true;
  }
  return false;
}

WebApi::WebApi(std::span<const Asset> assets, Random& random) : assets_(assets), random_(random), index_(kNoPages) {
  for (const Asset& asset : assets_) {
    if (asset.path != "/index.html") continue;
    std::string html;
    // Our own bytes, made at build time: a failure is a broken build.
    CHECK(codec::decompress(codec::Codec::kGzip, asset.gzip, 16u << 20, html).has_value());
    index_ = std::move(html);
  }
}

void WebApi::mount(net::Router& router) {
  for (const Asset& asset : assets_) {
    if (asset.path == "/index.html") continue;
    router.add("GET", std::string(asset.path), [&asset](Request&& request, Responder responder) {
      Response response;
      response.headers.set("ETag", asset.etag);
      // Names under /assets carry a hash of their content: what they name never changes.
      response.headers.set("Cache-Control",
                           asset.path.starts_with("/assets/") ? "public, max-age=31536000, immutable" : "no-cache");
      response.headers.set("X-Content-Type-Options", "nosniff");
      // A list, or a tag that a proxy made weak by compressing: quoted tags cannot be part of one another.
      if (request.headers.get("If-None-Match").find(asset.etag) != std::string_view::npos) {
        response.status = 304;
        return responder.send(std::move(response));
      }
      response.status = 200;
      response.headers.set("Content-Type", asset.content_type);
      response.set_gzip_body(asset.gzip);
      responder.send(std::move(response));
    });
  }
  router.add_fallback(
      [this](Request&& request, Responder responder) { page(std::move(request), std::move(responder)); });
}

void WebApi::page(Request&& request, Responder responder) {
  const bool wants_page = request.method == "GET" || request.method == "HEAD";
  // A file name is an asset that is not there; an old page asking for a chunk of an old build must see 404.
  const std::string_view last = std::string_view(request.path).substr(request.path.rfind('/') + 1);
  if (!wants_page || looks_like_api(request.path) || last.find('.') != std::string_view::npos) {
    return responder.send(net::text_response(404, "there is nothing at " + request.path + "\n"));
  }
  char raw[16];
  store_le(raw, random_.next());
  store_le(raw + 8, random_.next());
  const std::string nonce = base64_encode({raw, 16});
  Response response;
  response.status = 200;
  response.headers.set("Content-Type", "text/html; charset=utf-8");
  // Each page has its own nonce, so a stored copy would not match its policy.
  response.headers.set("Cache-Control", "no-store");
  secure(response, nonce);
  response.body = index_;
  for (size_t at = response.body.find(kNonceMark); at != std::string::npos; at = response.body.find(kNonceMark, at))
    response.body.replace(at, kNonceMark.size(), nonce);
  responder.send(std::move(response));
}

}  // namespace tercet::api
