#include "app/cli/run.h"

int main(int argc, char** argv) {
  return confab::app::Run(argc, argv);
}
