// Writes the binary seeds of fuzz/corpus anew, from the writers of the code itself and the RFCs'
// vectors. To be run in the root of the repository. The seeds that are text are kept by hand.

#include "fuzz/seeds/seed_writer.h"

int main() {
  confab::fuzz::WriteStunSeeds();
  confab::fuzz::WriteRtpSeeds();
  confab::fuzz::WriteRtcpSeeds();
  confab::fuzz::WriteCallSeeds();
  confab::fuzz::WriteClientSeeds();
  return 0;
}
