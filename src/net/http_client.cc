#include "net/http_client.h"

#include <curl/curl.h>

#include <memory>
#include <mutex>

namespace tercet::net {

namespace {

// Without userinfo and query, which may hold secrets.
std::string public_url(const std::string& url) {
  std::string out = url.substr(0, url.find('?'));
  const size_t scheme = out.find("://");
  const size_t at = out.find('@', scheme == std::string::npos ? 0 : scheme + 3);
  const size_t slash = out.find('/', scheme == std::string::npos ? 0 : scheme + 3);
  if (scheme != std::string::npos && at != std::string::npos && at < slash) out.erase(scheme + 3, at - scheme - 2);
  return out;
}

struct Receiver {
  Response response;
  uint64_t limit = 0;
  bool too_large = false;
};

size_t on_body(char* data, size_t size, size_t count, void* user) {
  auto& receiver = *static_cast<Receiver*>(user);
  const size_t n = size * count;
  if (receiver.response.body.size() + n > receiver.limit) {
    receiver.too_large = true;
    return 0;
  }
  receiver.response.body.append(data, n);
  return n;
}

size_t on_header(char* data, size_t size, size_t count, void* user) {
  auto& receiver = *static_cast<Receiver*>(user);
  std::string_view line(data, size * count);
  if (line.starts_with("HTTP/")) {
    receiver.response.headers = {};  // of an interim answer
  } else if (const size_t colon = line.find(':'); colon != std::string_view::npos) {
    std::string_view value = line.substr(colon + 1);
    while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
    while (!value.empty() && (value.back() == '\r' || value.back() == '\n' || value.back() == ' '))
      value.remove_suffix(1);
    receiver.response.headers.add(line.substr(0, colon), value);
  }
  return size * count;
}

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

}  // namespace

struct HttpClient::Impl {
  CURL* easy = nullptr;
};

HttpClient::HttpClient() : impl_(std::make_unique<Impl>()) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  impl_->easy = curl_easy_init();
}

HttpClient::~HttpClient() { curl_easy_cleanup(impl_->easy); }

Result<Response> HttpClient::fetch(const ClientRequest& request, const ClientOptions& options) {
  CURL* easy = impl_->easy;
  if (easy == nullptr) return fail(resource_exhausted("no memory for an HTTP client"));
  curl_easy_reset(easy);  // keeps connections
  Receiver receiver;
  receiver.limit = options.max_body_bytes;
  std::unique_ptr<curl_slist, FreeList> headers;
  const auto add_header = [&](const std::string& line) {
    headers.reset(curl_slist_append(headers.release(), line.c_str()));
  };
  for (const auto& [name, value] : request.headers.entries()) add_header(name + ": " + value);
  add_header("Expect:");  // no 100-continue: it costs a round trip
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  curl_easy_setopt(easy, CURLOPT_NOBODY, request.method == "HEAD" ? 1L : 0L);
  if (!request.body.empty() || request.method == "POST" || request.method == "PUT") {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  }
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout_ms));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(options.total_timeout_ms));
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &receiver);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &receiver);
  const CURLcode code = curl_easy_perform(easy);
  if (receiver.too_large)
    return fail(resource_exhausted(public_url(request.url) + ": the answer is larger than " +
                                   std::to_string(options.max_body_bytes) + " bytes"));
  if (code != CURLE_OK) {
    const Code canonical = code == CURLE_OPERATION_TIMEDOUT                                    ? Code::kDeadlineExceeded
                           : code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL ? Code::kInvalidArgument
                                                                                               : Code::kUnavailable;
    return fail(Error(canonical, public_url(request.url) + ": " + curl_easy_strerror(code)));
  }
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  receiver.response.status = static_cast<int>(status);
  return std::move(receiver.response);
}

}  // namespace tercet::net
