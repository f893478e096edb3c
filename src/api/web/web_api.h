// Serves the pages from a table of assets that app hands in: compressed once at build time, with entity tags, long
// caching for hashed names, and a content security policy with a nonce for each page.
#pragma once

#include <span>
#include <string_view>

#include "base/random.h"
#include "net/router.h"

namespace tercet::api {

struct Asset {
  std::string_view path;  // "/assets/index-abc123.js", "/index.html"
  std::string_view content_type;
  std::string_view gzip;  // the bytes, gzip
  std::string_view etag;  // quoted
};

class WebApi {
 public:
  /// `assets` is static data. Without an index.html every page says how to build the pages.
  WebApi(std::span<const Asset> assets, Random& random);

  /// Mounts the assets, and the page for every path that a browser asks for and no API looks like.
  void mount(net::Router& router);

  /// Paths that an API client may try: they get a 404 in plain text, never a page.
  static bool looks_like_api(std::string_view path);

 private:
  void page(net::Request&& request, net::Responder responder);

  std::span<const Asset> assets_;
  Random& random_;
  std::string index_;  // index.html, inflated
};

}  // namespace tercet::api
