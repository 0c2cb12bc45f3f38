"""Words and patterns that people who guess passwords try first; all in small letters without diacritics.

A compact list of our own: what leaked lists have at their top, what this portal's people have before their eyes,
and the rows of keyboards. It needs no word shorter than four letters: what is left over counts, not what is found.
"""

_EVERYWHERE = """
password passwort passwd pass1 parole haslo slaptazodis slaptas tajne geheim secret letmein welcome admin administrator
administracja root user username login logon guest test testing tester demo default master changeme change newpass
temp temporary qwerty qwertz azerty iloveyou loveme love princess prince sunshine dragon monkey football baseball
basketball soccer hockey superman batman spiderman pokemon starwars trustno1 whatever freedom shadow michael jordan
jennifer jessica ashley daniel charlie thomas robert george andrew matthew joshua anthony william nicole michelle
hunter ranger killer tigger buster cookie cheese chocolate banana orange purple yellow silver golden flower butterfly
summer winter spring autumn january february march april june july august september october november december
monday tuesday wednesday thursday friday saturday sunday morning computer internet google facebook instagram youtube
microsoft windows office outlook excel apple iphone android samsung nokia linux ubuntu server system access hello
hallo hola bonjour ciao mustang ferrari porsche mercedes harley corvette maverick phoenix merlin matrix ninja samurai
liverpool arsenal chelsea barcelona realmadrid juventus correcthorsebatterystaple correct horse battery staple
zaq12wsx 1qaz2wsx qazwsx qweasd asdzxc qwaszx 1q2w3e4r q1w2e3r4 zaqwsx zxcvbn asdfgh abc123 a1b2c3 abcd1234
onetwothree blink182 nothing something please money business company family mother father sister brother
super jesus christ angel heaven peace happy lucky magic music rockyou number
"""

_LITHUANIAN = """
lietuva lietuvos lietuvis lietuviu vilnius vilniaus kaunas kauno klaipeda klaipedos siauliai panevezys marijampole
marijampoles alytus alytaus kaisiadorys kaisiadoriu pravieniskes pravieniskiu druskininkai lazdijai varena suvalkija
dzukija zalgiris zalgirio kalejimas kalejimai kalejimo kalejimu tarnyba tarnybos probacija probacijos nuteistas
nuteistasis nuteistieji pataisos ministerija teisingumo teisingumas savivaldybe savivaldybes rajonas rajono miestas
projektas projekto partneris partneriai programa renginys renginiai seminaras mokymai rezultatas rezultatai
biudzetas ataskaita labas labadiena labasrytas aciu prasau meile mylimas mylimoji mama tetis mamyte brolis sesuo
krepsinis katinas suniukas saule saulute vasara ziema pavasaris ruduo gintaras basketbolas slaptazodis1 viltis
sausis vasaris kovas balandis geguze birzelis liepa rugpjutis rugsejis spalis lapkritis gruodis jonas petras ona
antanas juozas tomas mantas lukas matas greta egle ruta rasa laima
"""

_POLISH = """
polska polski polskie polak warszawa warszawie olsztyn olsztynie suwalki bialystok krakow gdansk lublin poznan wroclaw
elblag augustow sejny mazury warmia podlasie wiezienie wiezienia wiezienna wiezienny sluzba sluzby inspektorat
okregowy zaklad karny skazany skazani kurator probacja sprawiedliwosc ministerstwo projekt projekty partnerstwo
wydarzenie warsztaty szkolenie budzet raport sprawozdanie haslo123 haslo1 kocham kochanie kochamcie misiek misiaczek
myszka kotek piesek slonko sloneczko skarbie dupa matrix1 polska1 legia lechia wisla widzew bartek kacper mateusz
michal marcin tomek kasia agnieszka monika karolina natalia zuzia maciek damian patryk dawid kamil lukasz marek
styczen luty marzec kwiecien czerwiec lipiec sierpien wrzesien pazdziernik listopad grudzien dzien dobry czesc witaj
"""

_PORTAL = """
portal project projects manager partner partners finance controller auditor viewer researcher programme program
interreg ltpl ltpl00388 lietuvalenkija lithuania lithuanian poland polish lenkija lenkijos europe european union
europa europos sajunga erdf grant grants budget report reports outcome outcomes event events workshop tournament
survey evidence attendance expenditure invoice prison prisons prisoner probation inspectorate municipality
resocialization resocializacija resocjalizacja reintegration reintegracija justice convicted cooperation border
crossborder lpro alytus1 service services district districts regional region regions city cities county town
national penitentiary correctional detention jail parole wspolpraca
administration department office agency authority
"""

WORDS = frozenset(" ".join((_EVERYWHERE, _LITHUANIAN, _POLISH, _PORTAL)).split())

# The rows of keyboards and of the alphabet; a stretch of one, in either direction, is no secret.
ROWS = (
    "1234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "yxcvbnm",
    # ąčęėįšųū
    "aceeisuu",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "a1s2d3f4g5h6j7k8l9",
    "q2w3e4r5t6y7u8i9o0p",
)
