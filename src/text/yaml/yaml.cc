#include "text/yaml/yaml.h"

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <optional>
#include <sstream>

#include "text/yaml/yaml_source.h"
#include "text/yaml/yaml_tree.h"

namespace tercet::text {

namespace {

constexpr std::string_view kCoreTags = "tag:yaml.org,2002:";
// yaml-cpp gives up at 500 of its own levels, which are a few more than ours.
constexpr size_t kDepthCap = 400;

/// yaml-cpp's events into the builder's.
class Events final : public YAML::EventHandler {
 public:
  Events(YamlSource& source, YamlTreeBuilder& builder, bool one_document)
      : source_(source), builder_(builder), one_document_(one_document) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    ++documents_;
    builder_.begin_document();
    if (documents_ == 1) return;
    // yaml-cpp starts another document wherever the first one is over, without any "---".
    if (!std::string_view(source_.text()).substr(offset(mark)).starts_with("---")) {
      builder_.refuse(place(mark), "unexpected text behind the end of the document; check the indentation");
    } else if (one_document_) {
      builder_.refuse(place(mark), "a second document starts here, where one is expected");
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    YamlPosition at = place(mark);
    // The mark of a value that is not there is the next token's, often lines below: its key says more.
    const bool written = offset(mark) < source_.text().size() &&
                         std::string_view("~nN&!").find(source_.text()[offset(mark)]) != std::string_view::npos;
    const auto key = builder_.pending_key();
    if (key && (!written || at.line != key->line)) at = *key;
    builder_.null(at, anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override { builder_.alias(place(mark), anchor); }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    last_scalar_ = offset(mark);
    const std::optional<bool> string = is_string(tag);
    if (!string) {
      if (tag == std::string(kCoreTags) + "null" && is_null(value)) return builder_.null(place(mark), anchor);
      return refuse_tag(mark, tag);
    }
    builder_.scalar(place(mark), anchor, value, *string);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    if (!is_plain_tag(tag) && tag != std::string(kCoreTags) + "seq") return refuse_tag(mark, tag);
    builder_.begin_sequence(place(mark), anchor);
  }
  void OnSequenceEnd() override { builder_.end_sequence(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    if (!is_plain_tag(tag) && tag != std::string(kCoreTags) + "map") return refuse_tag(mark, tag);
    builder_.begin_map(place(mark), anchor);
  }
  void OnMapEnd() override { builder_.end_map(); }

  /// Where the last scalar stood: yaml-cpp takes a quote that nothing closes for a scalar up to the end of the text.
  std::optional<size_t> last_scalar() const { return last_scalar_; }

 private:
  static bool is_plain_tag(const std::string& tag) { return tag.empty() || tag == "?" || tag == "!"; }
  static bool is_null(const std::string& text) {
    return text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL";
  }

  /// Is a scalar of this tag a string, whatever it looks like? Nothing for tags that have no meaning here.
  static std::optional<bool> is_string(std::string_view tag) {
    if (tag.empty() || tag == "?") return false;
    if (tag == "!") return true;  // yaml-cpp's tag of all that is quoted or a block
    if (!tag.starts_with(kCoreTags)) return std::nullopt;
    tag.remove_prefix(kCoreTags.size());
    if (tag == "str") return true;
    if (tag == "int" || tag == "float" || tag == "bool" || tag == "timestamp" || tag == "merge") return false;
    return std::nullopt;
  }

  void refuse_tag(const YAML::Mark& mark, std::string_view tag) {
    std::string shown(tag);
    if (tag.starts_with(kCoreTags)) shown = "!!" + std::string(tag.substr(kCoreTags.size()));
    builder_.refuse(place(mark), "the tag " + shown + " has no meaning here");
  }

  size_t offset(const YAML::Mark& mark) const {
    return std::min(static_cast<size_t>(std::max(mark.pos, 0)), source_.text().size());
  }
  YamlPosition place(const YAML::Mark& mark) { return source_.position_of(offset(mark)); }

  YamlSource& source_;
  YamlTreeBuilder& builder_;
  const bool one_document_;
  size_t documents_ = 0;
  std::optional<size_t> last_scalar_;
};

struct Wording {
  std::string_view theirs;
  std::string_view ours;
};

// What yaml-cpp says, for those who do not know how it works inside.
constexpr Wording kWordings[] = {
    {"illegal map value", "unexpected ':'; keys of one map need the same indentation, and a value with \": \" quotes"},
    {"end of map not found", "expected a key here; check the indentation and the quotes"},
    {"end of sequence not found", "expected \"- \" here; check the indentation and the quotes"},
    {"end of map flow not found", "the '{' is not closed, or a ',' is missing"},
    {"end of sequence flow not found", "the '[' is not closed, or a ',' is missing"},
    {"illegal block entry", "a list item (\"- \") cannot stand here; start it on a line of its own"},
    {"illegal flow end", "a bracket closes what nothing opened"},
    {"illegal map key", "a key cannot stand here; check the indentation"},
    {"the referenced anchor is not defined", "the alias stands for an anchor that is not defined above"},
    {"illegal EOF in scalar", "the text ends inside a quoted value"},
};

Error explain(YamlSource& source, const YAML::ParserException& error) {
  const auto line = static_cast<size_t>(std::max(error.mark.line, 0));
  const auto byte = static_cast<size_t>(std::max(error.mark.column, 0));
  const auto say = [&](YamlPosition at, std::string_view message) {
    return invalid_argument(located(*source.file(), at, message));
  };
  const std::string_view text = source.line(line);
  const size_t tab = text.substr(0, text.find_first_not_of(" \t")).find('\t');
  if (tab != std::string_view::npos) {
    return say(source.position(line, tab), "a tab in the indentation; YAML allows only spaces there");
  }
  const YamlPosition at = source.position(line, byte);
  for (const Wording& wording : kWordings) {
    if (error.msg == wording.theirs) return say(at, wording.ours);
  }
  if (error.msg == "unknown token" && byte < text.size()) {
    return say(at, std::string("a value cannot start with '") + text[byte] + "'; put it in quotes");
  }
  if (error.msg.starts_with("unknown escape character")) {
    return say(at, error.msg + "; in double quotes a backslash is written \\\\");
  }
  return say(at, error.msg);
}

std::optional<Error> find_open_quote(YamlSource& source, const Events& events) {
  if (!events.last_scalar()) return std::nullopt;
  const auto quote = source.open_quote(*events.last_scalar());
  if (!quote) return std::nullopt;
  return invalid_argument(
      located(*source.file(), source.position_of(*quote), "the quote that opens here never closes"));
}

Result<std::vector<YamlNode>> parse(std::string_view text, std::string_view file_name, YamlLimits limits, bool one) {
  limits.max_depth = std::min(limits.max_depth, kDepthCap);
  YamlSource source = TRY(YamlSource::create(text, file_name, limits.max_bytes));
  YamlTreeBuilder builder(source.file(), limits);
  Events events(source, builder, one);
  std::optional<Error> malformed;
  try {
    std::istringstream in(source.text());
    YAML::Parser parser(in);
    while (!builder.failure() && parser.HandleNextDocument(events)) {
    }
  } catch (const YAML::DeepRecursion& error) {
    const auto offset = static_cast<size_t>(std::max(error.mark.pos, 0));
    malformed = resource_exhausted(
        located(file_name, source.position_of(offset),
                "more than " + std::to_string(limits.max_depth) + " sequences and maps inside one another"));
  } catch (const YAML::ParserException& error) {
    malformed = explain(source, error);
  } catch (const std::exception& error) {
    malformed = invalid_argument(located(file_name, {}, std::string("yaml-cpp: ") + error.what()));
  }
  // What the builder saw stands before what stopped the parser; but yaml-cpp reports a bracket that never closes as a
  // key first.
  if (builder.failure() && !(malformed && builder.refused_key())) return fail(*builder.failure());
  if (auto open = find_open_quote(source, events)) return fail(*std::move(open));
  if (malformed) return fail(*std::move(malformed));
  return std::move(builder.documents());
}

}  // namespace

Result<YamlNode> parse_yaml(std::string_view text, std::string_view file_name, const YamlLimits& limits) {
  std::vector<YamlNode> documents = TRY(parse(text, file_name, limits, true));
  if (documents.empty()) {
    auto data = std::make_shared<YamlNode::Data>();
    data->file = std::make_shared<const std::string>(file_name);
    return YamlNode(std::move(data));
  }
  return std::move(documents.front());
}

Result<std::vector<YamlNode>> parse_yaml_documents(std::string_view text, std::string_view file_name,
                                                   const YamlLimits& limits) {
  return parse(text, file_name, limits, false);
}

}  // namespace tercet::text
