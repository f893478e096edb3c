#include "text/yaml/suggest.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tercet::text {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kKeys[] = {"scrape_interval", "scrape_timeout", "targets", "labels", "id", "to", "url"};

TEST(Suggest, FindsTheNearest) {
  EXPECT_EQ(suggest("scrape_intervall", kKeys), "scrape_interval"sv);
  EXPECT_EQ(suggest("scrape_intreval", kKeys), "scrape_interval"sv);
  EXPECT_EQ(suggest("scrapeInterval", kKeys), "scrape_interval"sv);
  EXPECT_EQ(suggest("SCRAPE-TIMEOUT", kKeys), "scrape_timeout"sv);
  EXPECT_EQ(suggest("target", kKeys), "targets"sv);
  EXPECT_EQ(suggest("lables", kKeys), "labels"sv);
  EXPECT_EQ(suggest("ulr", kKeys), "url"sv);
  EXPECT_EQ(suggest("urll", kKeys), "url"sv);
}

TEST(Suggest, StaysSilentWhenNothingIsNear) {
  EXPECT_EQ(suggest("retention", kKeys), std::nullopt);
  EXPECT_EQ(suggest("listen_addr", kKeys), std::nullopt);
  EXPECT_EQ(suggest("xyz", kKeys), std::nullopt);
  EXPECT_EQ(suggest("", kKeys), std::nullopt);
  EXPECT_EQ(suggest("x", kKeys), std::nullopt);
  EXPECT_EQ(suggest("targets", {}), std::nullopt);
  EXPECT_EQ(suggest(std::string(1'000'000, 's'), kKeys), std::nullopt);
}

TEST(Suggest, TakesTheFirstOfEquals) {
  constexpr std::string_view kWords[] = {"bar", "baz"};
  EXPECT_EQ(suggest("bay", kWords), "bar"sv);
  EXPECT_EQ(suggest("baz", kWords), "baz"sv);
}

}  // namespace
}  // namespace tercet::text
