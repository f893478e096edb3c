#include "app/config.h"

#include <gtest/gtest.h>

namespace tercet::app {
namespace {

std::string first_error(std::string_view yaml) {
  AppConfig config;
  const auto errors = load_config(yaml, "t.yaml", config);
  return errors.empty() ? "" : errors[0];
}

TEST(Config, EmptyMeansDefaults) {
  AppConfig config;
  EXPECT_TRUE(load_config("", "t.yaml", config).empty());
  EXPECT_EQ(config.server.listen, "127.0.0.1:4319");
}

TEST(Config, ReadsEverySection) {
  AppConfig config;
  const auto errors = load_config(
      "profile: staging\nserver:\n  listen: 127.0.0.1:1\n  otlp:\n    max_depth: 10\nstorage:\n  path: /x\n  "
      "journal:\n    segment_bytes: 16MiB\n"
      "  events:\n    seal_after: 1m\n",
      "t.yaml", config);
  EXPECT_TRUE(errors.empty()) << errors[0];
  EXPECT_EQ(config.server.listen, "127.0.0.1:1");
  EXPECT_EQ(config.otlp.max_depth, 10);
  EXPECT_EQ(config.data_path, "/x");
  EXPECT_EQ(config.journal.segment_bytes, 16u << 20);
  EXPECT_EQ(config.events.seal_after_ns, kMinute);
  EXPECT_EQ(config.events.traces_retention_ns, 30 * kDay);
}

TEST(Config, TheFileWinsOverItsProfileWhereverItStands) {
  AppConfig config;
  EXPECT_TRUE(load_config("storage:\n  events:\n    traces_retention: 3d\nprofile: prod\n", "t.yaml", config).empty());
  EXPECT_EQ(config.events.traces_retention_ns, 3 * kDay);
}

TEST(Config, ErrorsNamePlaceReasonAndSuggestion) {
  EXPECT_EQ(first_error("server:\n  lisen: x\n"),
            "t.yaml:2:3: unknown key \"lisen\" in server; did you mean \"listen\"?");
  EXPECT_NE(first_error("storage:\n  events:\n    seal_after: soon\n").find("t.yaml:3:17: storage.events.seal_after: "),
            std::string::npos);
  EXPECT_NE(first_error("server: 5\n").find("t.yaml:1:9: server must be a mapping"), std::string::npos);
  EXPECT_NE(first_error("server:\n  listen: [1]\n").find("takes a single value"), std::string::npos);
  EXPECT_NE(first_error("collector: {}\n").find("not supported by this version"), std::string::npos);
  EXPECT_NE(first_error("profile: production\n").find("allowed are dev, staging, prod"), std::string::npos);
  EXPECT_NE(first_error("profile: dev\nprofile: prod\n").find("t.yaml:2"), std::string::npos);
  EXPECT_NE(first_error("server:\n  log_level: loud\n").find("log_level"), std::string::npos);
}

TEST(Config, AnAddressOfTheFileIsOneAskedForByName) {
  AppConfig config;
  EXPECT_TRUE(load_config("server:\n  listen: 127.0.0.1:1\n", "t.yaml", config).empty());
  EXPECT_FALSE(config.server.otlp_http_by_name);
  EXPECT_TRUE(load_config("server:\n  otlp_http: 127.0.0.1:4318\n", "t.yaml", config).empty());
  EXPECT_TRUE(config.server.otlp_http_by_name);
}

TEST(Config, AllErrorsAreTold) {
  AppConfig config;
  EXPECT_EQ(load_config("a: 1\nb: 2\nserver:\n  c: 3\n", "t.yaml", config).size(), 3u);
}

TEST(Config, WhatIsInForceReadsBack) {
  AppConfig config;
  ASSERT_TRUE(
      load_config("profile: prod\nserver:\n  drain_timeout: 5s\nstorage:\n  events:\n    head_bytes_max: 48MiB\n",
                  "t.yaml", config)
          .empty());
  const std::string yaml = effective_yaml(config);
  AppConfig again;
  const auto errors = load_config(yaml, "again.yaml", again);
  EXPECT_TRUE(errors.empty()) << errors[0] << "\n" << yaml;
  EXPECT_EQ(effective_yaml(again), yaml);
}

}  // namespace
}  // namespace tercet::app
