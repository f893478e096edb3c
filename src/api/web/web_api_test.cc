#include "api/web/web_api.h"

#include <gtest/gtest.h>

#include "codec/compress.h"

namespace tercet::api {
namespace {

class WebApiTest : public testing::Test {
 protected:
  WebApiTest() {
    EXPECT_TRUE(
        codec::compress(codec::Codec::kGzip, 9, "<html nonce=__TERCET_NONCE__ again=__TERCET_NONCE__>", index_));
    EXPECT_TRUE(codec::compress(codec::Codec::kGzip, 9, "js", script_));
    assets_[0] = {"/index.html", "text/html", index_, "\"i\""};
    assets_[1] = {"/assets/app-1.js", "text/javascript", script_, "\"s\""};
    web_ = std::make_unique<WebApi>(assets_, random_);
    web_->mount(router_);
  }
  net::Response get(const std::string& path, std::string_view etag = {}, const std::string& method = "GET") {
    net::Request request;
    request.method = method;
    EXPECT_TRUE(net::parse_target(path, request));
    if (!etag.empty()) request.headers.set("If-None-Match", etag);
    net::Router::Match match = router_.match(request);
    if (match.handler == nullptr) return match.refusal;
    net::Response out;
    (*match.handler)(std::move(request), net::Responder([&](net::Response r) { out = std::move(r); }, {}));
    return out;
  }

  std::string index_;
  std::string script_;
  Asset assets_[2];
  SeededRandom random_{1};
  std::unique_ptr<WebApi> web_;
  net::Router router_;
};

TEST_F(WebApiTest, PagesHaveAFreshNonceThatMatchesTheirPolicy) {
  const net::Response first = get("/traces");
  EXPECT_EQ(first.status, 200);
  const size_t at = first.body.find("nonce=") + 6;
  const std::string nonce = first.body.substr(at, first.body.find(' ', at) - at);
  EXPECT_EQ(first.body.find("__TERCET_NONCE__"), std::string::npos);
  EXPECT_NE(first.headers.get("Content-Security-Policy").find("'nonce-" + nonce + "'"), std::string_view::npos);
  EXPECT_EQ(first.headers.get("Cache-Control"), "no-store");
  EXPECT_NE(get("/traces").body, first.body);
}

TEST_F(WebApiTest, AssetsAreCachedAndValidated) {
  const net::Response asset = get("/assets/app-1.js");
  EXPECT_EQ(asset.status, 200);
  EXPECT_EQ(asset.headers.get("ETag"), "\"s\"");
  EXPECT_NE(asset.headers.get("Cache-Control").find("immutable"), std::string_view::npos);
  EXPECT_EQ(get("/assets/app-1.js", "\"s\"").status, 304);
  EXPECT_EQ(get("/assets/app-1.js", "\"old\", W/\"s\"").status, 304);
  EXPECT_EQ(get("/assets/app-1.js", "\"old\"").status, 200);
  EXPECT_EQ(get("/assets/app-0.js").status, 404) << "a chunk of an old build";
}

TEST_F(WebApiTest, ApiLookingPathsNeverGetAPage) {
  for (const char* path : {"/api/v1/query", "/loki/api/v1/push", "/rules", "/config/v1/rules", "/v1/traces",
                           "/tempo/api/x", "/-/x", "/otlp/v1/logs", "/prometheus", "/status/buildinfo"}) {
    const net::Response response = get(path);
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_EQ(response.headers.get("Content-Type"), "text/plain; charset=utf-8");
  }
  EXPECT_EQ(get("/").status, 200);
  EXPECT_EQ(get("/trace/abc").status, 200);
  EXPECT_EQ(get("/traces", {}, "POST").status, 404);
}

TEST(WebApi, WithoutPagesItSaysHowToBuildThem) {
  SeededRandom random(1);
  WebApi web({}, random);
  net::Router router;
  web.mount(router);
  net::Request request;
  request.method = "GET";
  ASSERT_TRUE(net::parse_target("/", request));
  net::Response out;
  (*router.match(request).handler)(std::move(request),
                                   net::Responder([&](net::Response r) { out = std::move(r); }, {}));
  EXPECT_NE(out.body.find("make web"), std::string::npos);
}

}  // namespace
}  // namespace tercet::api
