#include "backends/store/testing/postgres_server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <pwd.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>

#include "net/file_descriptor.h"

extern char** environ;  // NOLINT: POSIX's own name

namespace confab::store {
namespace {

constexpr const char* kUser = "postgres";

std::string Programs() {
  const char* named = std::getenv("CONFAB_TEST_POSTGRES");  // NOLINT(concurrency-mt-unsafe)
  return named == nullptr ? "/usr/lib/postgresql/15/bin" : named;
}

const passwd* UserOfServer() {
  return getpwnam(kUser);  // NOLINT(concurrency-mt-unsafe): tests have one thread
}

uint16_t FreePort() {
  const net::FileDescriptor probe(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* any = reinterpret_cast<sockaddr*>(&address);
  if (bind(probe.value(), any, size) != 0 || getsockname(probe.value(), any, &size) != 0) return 0;
  return ntohs(address.sin_port);
}

// Its words go to `log`.
pid_t Spawn(const std::vector<std::string>& words, const std::filesystem::path& log) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  pid_t process = 0;
  const int failed =
      posix_spawnp(&process, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return failed == 0 ? process : 0;
}

int WaitForEnd(pid_t process) {
  int status = -1;
  while (waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

}  // namespace

std::unique_ptr<PostgresServer> PostgresServer::Start(std::string& why_not, int max_connections) {
  if (!std::filesystem::exists(Programs() + "/initdb")) {
    why_not = "there is no PostgreSQL in " + Programs();
    return nullptr;
  }
  if (geteuid() == 0 && UserOfServer() == nullptr) {
    why_not = "PostgreSQL does not run as root, and there is no user postgres";
    return nullptr;
  }
  std::unique_ptr<PostgresServer> server(new PostgresServer(max_connections));
  if (!server->Initialise()) {
    why_not = "initdb failed";
    return nullptr;
  }
  server->port_ = FreePort();
  server->StartAgain();
  return server;
}

PostgresServer* PostgresServer::Shared(std::string& why_not) {
  static std::string why;
  static const std::unique_ptr<PostgresServer> server = Start(why);
  why_not = why;
  return server.get();
}

PostgresServer::~PostgresServer() {
  if (process_ != 0) Crash();
}

// The signal reaches the server when this program ends, even by a crash.
std::vector<std::string> PostgresServer::Command(std::vector<std::string> words) const {
  words[0] = Programs() + "/" + words[0];
  std::vector<std::string> all = {"setpriv", "--pdeathsig", "QUIT"};
  if (geteuid() == 0) {
    all.insert(all.end(), {"--reuid", kUser, "--regid", kUser, "--clear-groups"});
  }
  all.insert(all.end(), words.begin(), words.end());
  return all;
}

bool PostgresServer::Initialise() {
  if (geteuid() == 0) {
    const passwd* user = UserOfServer();
    if (chown(folder_.path().c_str(), user->pw_uid, user->pw_gid) != 0) return false;
  }
  const pid_t process =
      Spawn(Command({"initdb", "-D", (folder_.path() / "data").string(), "-A", "trust", "-U", kUser,
                     "--no-sync", "-E", "UTF8", "--locale=C"}),
            folder_.path() / "initdb.log");
  return process != 0 && WaitForEnd(process) == 0;
}

void PostgresServer::Launch() {
  process_ =
      Spawn(Command({"postgres", "-D", (folder_.path() / "data").string(), "-c", "fsync=off", "-c",
                     "listen_addresses=127.0.0.1", "-c", fmt::format("port={}", port_), "-c",
                     fmt::format("unix_socket_directories={}", folder_.path().string()), "-c",
                     fmt::format("max_connections={}", max_connections_), "-c",
                     "superuser_reserved_connections=1", "-c", "shared_buffers=16MB"}),
            folder_.path() / "server.log");
}

bool PostgresServer::IsReady() const {
  return PQping(url().c_str()) == PQPING_OK;
}

void PostgresServer::StartAgain() {
  Launch();
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!IsReady()) {
    if (std::chrono::steady_clock::now() > end) throw std::runtime_error("PostgreSQL is not ready");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));  // nothing else tells
  }
}

void PostgresServer::Crash() {
  kill(process_, SIGQUIT);
  WaitForEnd(process_);
  process_ = 0;
}

std::string PostgresServer::url() const {
  return fmt::format("postgresql://{}@localhost:{}/postgres", kUser, port_);
}

std::string PostgresServer::MakeDatabase() {
  const std::string schema = fmt::format("test_{}", ++databases_);
  Ask(url(), "CREATE SCHEMA " + schema);
  return fmt::format("{}?options=-csearch_path%3D{}", url(), schema);
}

std::string PostgresServer::SocketUrl(const std::string& url) const {
  return fmt::format("postgresql:///postgres?host={}&port={}&user={}&{}", folder_.path().string(),
                     port_, kUser, url.substr(url.find('?') + 1));
}

std::string PostgresServer::Ask(const std::string& url, const std::string& sql) {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(url.c_str()), PQfinish);
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), sql.c_str()),
                                                             PQclear);
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    throw std::runtime_error(PQerrorMessage(connection.get()));
  }
  return PQntuples(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : "";
}

}  // namespace confab::store
